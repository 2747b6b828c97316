"""The pod of a workload: containers, probes, resources, security, scheduling."""
