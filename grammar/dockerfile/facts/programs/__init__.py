"""Programs that a build runs: their calls, what a pipe hides, the variables and the files that they set."""
