"""The values on which checks decide, and the parsers for the output of programs and the kernel. Pure."""
