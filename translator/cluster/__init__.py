"""A stack on a cluster: what it holds of it, what an apply would change, the apply, and how far its workloads are."""
