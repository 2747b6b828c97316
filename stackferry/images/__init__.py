"""Images of a stack: builds, pulls, pushes, pins them, and finds outdated and unused ones."""
