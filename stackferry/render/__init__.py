"""Renders results: each file turns one kind of value into text. Does no input or output."""
