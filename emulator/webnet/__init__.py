"""The load-balanced network: virtual addresses, names, published ports and draining, as a swarm has them."""
