"""The checks of a tree: known keys and shapes, types, and what must fit together."""
