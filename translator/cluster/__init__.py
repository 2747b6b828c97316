"""A stack on a cluster: its objects there, the changes an apply would make, the apply, and the rollout's progress."""
