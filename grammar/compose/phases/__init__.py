"""The phases of loading: each takes the tree of a stack and returns a new one."""
