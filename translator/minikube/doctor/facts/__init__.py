"""The values on which checks decide, and how they are read from what programs and the kernel say. Pure."""
