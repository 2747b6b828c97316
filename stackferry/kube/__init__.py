"""A stack on a cluster of a kubeconfig, as commands have it: which cluster, bring it up, show it, take it down."""
