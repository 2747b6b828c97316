"""The load-balanced network: virtual IPs, DNS names, published ports and draining, as a swarm has them."""
