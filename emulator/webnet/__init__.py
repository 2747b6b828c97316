"""The load-balanced network: virtual IPs, DNS names, published ports and draining, as a swarm has them.

Containers called gates do the work: one per network (virtual IPs, DNS) and one per service that publishes ports.
"""
