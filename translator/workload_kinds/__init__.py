"""The kinds of workload, one file each, and their update strategies."""
