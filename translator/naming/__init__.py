"""Names of objects and containers, and the further names under which a service can be reached."""
