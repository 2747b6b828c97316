"""The kinds of workload, one file each, and how they are updated."""
