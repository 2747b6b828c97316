"""Bind mounts: what a path of the host means in a cluster, decided for the whole stack, then mounted."""
