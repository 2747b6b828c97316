"""Facts of a build from its Dockerfile alone: stages, variables, shells, mounts, commands. Rules use them.

`build.py` is the entry. A value that a file does not determine (a build argument without a default, the environment of
a base image) is unknown, which is None, and never guessed.
"""
