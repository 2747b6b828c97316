"""Health checks, from the compose file or from the Dockerfile of an image."""
