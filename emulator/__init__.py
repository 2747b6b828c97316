"""The back end that runs a stack, with Swarm's semantics, as containers on a plain Docker Engine."""
