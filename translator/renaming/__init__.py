"""Names that Kubernetes does not take: what peers call a service is rewritten where it stands as a whole host."""
