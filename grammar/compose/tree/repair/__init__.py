"""What people mistype in YAML: found after a syntax error, by mending it and reading again."""
