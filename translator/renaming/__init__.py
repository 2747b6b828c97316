"""Rewrites service names that Kubernetes does not accept, in the texts of peers where the name is a whole host."""
