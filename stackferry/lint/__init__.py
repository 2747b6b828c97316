"""What `stackferry lint` does around the linter itself: which files it reads, by which configuration, what it says."""
