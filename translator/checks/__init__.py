"""Checks of finished manifests, by what they look at; `translator/check.py` runs them all."""
