"""A container's environment: variables, env files, and which variables are secrets."""
