"""What is known of a build from its Dockerfile alone: stages, variables, shells, mounts, commands. Rules ask here.

`build.py` is the way in. A value that a file does not tell (a build argument without a default, the environment of a
base image) is unknown, which is None, and never guessed.
"""
