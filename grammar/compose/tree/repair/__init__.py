"""Typing mistakes in YAML: found after a syntax error, by mending them and reading again."""
