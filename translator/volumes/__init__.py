"""Data of a pod: claims, binds, files from configs and secrets, tmpfs."""
