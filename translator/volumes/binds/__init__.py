"""Bind mounts: decides for the whole stack what replaces a path of the host in a cluster, then mounts it."""
