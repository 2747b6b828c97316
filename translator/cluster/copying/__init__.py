"""Copies of folders and files of this machine in claims: what is due, how it travels, how it gets into its place."""
