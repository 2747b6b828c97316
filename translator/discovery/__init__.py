"""Finds out a stack's addresses: which services call which, and the ports on which each service listens."""
