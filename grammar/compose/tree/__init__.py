"""The tree of a file: YAML nodes that remember their place, paths to nodes, scalar values."""
