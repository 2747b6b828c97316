"""The load-balanced network: one virtual address per service, names, published ports, draining (docs: swarm's webnet)."""
