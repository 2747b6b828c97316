"""Edits of a service's spec: what one flag of `service create` or `service update` adds to it or takes away."""
