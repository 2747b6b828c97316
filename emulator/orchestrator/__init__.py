"""One pass over a cluster: `reconcile` and swarmkit's parts, each a pure function on a draft."""
