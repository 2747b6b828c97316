"""The names that objects and containers get, and those under which a service answers beside its own."""
