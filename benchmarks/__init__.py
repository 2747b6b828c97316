"""Figures against the real thing: every script here prints ratios from one run on one machine."""
