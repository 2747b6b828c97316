"""Benchmarks against peer programs: every script prints ratios from one run on one machine."""
