"""Compose files to the intermediate model, phase by phase; `load.py` conducts them."""
