"""The manager process of a stack: its loop, what wakes it, its locks, and how it goes into the background."""
