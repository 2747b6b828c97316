"""Data of a pod: claims, bind mounts, files from configs and secrets, tmpfs."""
