"""The Docker Engine: the protocol that everybody else sees, and the one implementation of it on the real thing."""
