"""Service objects: the address inside the cluster, and what is published outside."""
