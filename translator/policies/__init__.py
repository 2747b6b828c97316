"""NetworkPolicies: compose's networks, which keep services apart, if the caller asks for them."""
