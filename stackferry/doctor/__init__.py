"""Whether stacks can run somewhere: a module for each target, whose `checks` gives the lines of the report."""
