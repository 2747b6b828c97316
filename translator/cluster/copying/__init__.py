"""Copies folders and files of this machine into claims: which copies are due, the transfer, the move into place."""
