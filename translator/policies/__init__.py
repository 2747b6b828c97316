"""NetworkPolicies: compose's networks, which keep services apart, where the caller asks for them."""
