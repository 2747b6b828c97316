"""What is known of a service's image without asking a registry: from its name and from a local Dockerfile."""
