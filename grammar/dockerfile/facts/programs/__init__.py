"""Programs that a build runs: their calls, failures that a pipe hides, the variables and files that they set."""
