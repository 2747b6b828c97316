"""Health checks, wherever they are written: in the compose file or in the Dockerfile of an image."""
