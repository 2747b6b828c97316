"""Parsers of the short forms and units inside values: ports, mounts, command lines, sizes, durations."""
