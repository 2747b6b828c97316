"""The typed, frozen model of a stack, which both back ends read, and its structured texts."""
