"""The tree of a file: YAML nodes that remember their place, paths to them, their scalars."""
