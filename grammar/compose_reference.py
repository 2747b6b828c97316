"""Which docker compose this release equals: the references of the differential tests, and what `--version` says.

Outside `compose/`, whose import takes half as long again as the whole of that command.
"""

DOCKER_COMPOSE = "5.6.0"
"""The release of docker compose whose commands and output ours are compared with."""

COMPOSE_GO = "2.16.2"
"""The release of compose-go, which says what a compose file means."""

COMPOSE_GO_CARRIER = "5.7"
"""The docker compose that loads files with it: 5.6.0 has 2.16.1, without `umask` and `use_service_name_alias`."""
