"""Which loader ours equals: the reference of the differential tests, and what `stackferry version` says.

Outside `compose/`, whose import takes half as long again as the whole of that command.
"""

COMPOSE_GO = "2.16.2"
"""The release of compose-go, which docker compose 5.7 loads files with."""
