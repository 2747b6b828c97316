"""Runs a stack on a cluster of a kubeconfig, for commands: choose the cluster, bring up, show, take down."""
