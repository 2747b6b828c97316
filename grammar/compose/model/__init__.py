"""The typed, frozen model of a stack: what both back ends read, and the parts of its texts."""
