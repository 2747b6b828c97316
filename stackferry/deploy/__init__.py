"""Deploying and removing a stack: what `up`, `stack deploy`, `down` and `rm` have in common."""
