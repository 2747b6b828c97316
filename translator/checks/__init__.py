"""Checks of finished manifests, one module per subject; `translator/check.py` runs them all."""
