"""One pass over a cluster: `reconcile` and its parts, which follow swarmkit's; each is a pure function on a draft."""
