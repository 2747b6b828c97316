"""A container's environment: variables, files of them, and which of them are secrets."""
