"""Finds the stack, service, task, container or payload that a word on the command line names."""
