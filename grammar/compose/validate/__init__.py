"""The checks of a tree: known keys and shapes, types, consistency."""
