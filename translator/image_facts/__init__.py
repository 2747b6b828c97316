"""Facts about a service's image without asking a registry: from its name and from a local Dockerfile."""
