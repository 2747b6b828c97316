"""Edits of a service's spec: what a flag of `service create` or `service update` adds or removes."""
