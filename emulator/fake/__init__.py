"""An in-memory engine with a virtual clock, for tests only: it fails, delays, reorders and forgets on demand."""
