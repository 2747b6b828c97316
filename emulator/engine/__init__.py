"""The Docker Engine: the protocol that all other packages use, and its one implementation for a real engine."""
