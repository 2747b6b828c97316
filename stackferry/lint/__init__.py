"""What `stackferry lint` does around the linter: which files it reads, by which configuration, what it prints."""
