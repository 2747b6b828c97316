"""`doctor --target kube`: asks a cluster's API what it has and allows the current user, and reports findings."""
