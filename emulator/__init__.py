"""Back end 2: runs a stack, with Swarm's semantics, as containers on a plain Docker Engine."""
