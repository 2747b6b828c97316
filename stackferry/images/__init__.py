"""Images of a stack: building, pulling, pushing, pinning; those that are outdated or unused."""
