"""Checks whether stacks can run on a target: one module per target, whose `checks` gives the lines of the report."""
