"""Which loader ours equals: the reference of the differential tests, and what `stackferry version` says."""

COMPOSE_GO = "2.16.2"
"""The release of compose-go, which docker compose 5.7 loads files with."""
