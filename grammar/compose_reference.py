"""The docker compose release that this release matches: for the differential tests and `--version`.

Outside `compose/`, because importing that package takes half as long again as all of `--version`.
"""

DOCKER_COMPOSE = "5.6.0"
"""The release of docker compose whose commands and output ours are compared with."""

COMPOSE_GO = "2.16.2"
"""The release of compose-go, which says what a compose file means."""

COMPOSE_GO_CARRIER = "5.7"
"""The docker compose with this compose-go: 5.6.0 has 2.16.1, without `umask` and `use_service_name_alias`."""
