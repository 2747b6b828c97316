"""The output of `stackferry --version` and `stackferry version`."""

from stackferry import __version__
from stackferry.grammar.compose_reference import COMPOSE_GO, COMPOSE_GO_CARRIER, DOCKER_COMPOSE


def version_text() -> str:
    """Two lines: the version, for scripts, and the equivalent programs, for people."""
    return (
        f"stackferry {__version__}\n"
        f"Works like docker compose {DOCKER_COMPOSE}."
        f" Loads files like compose-go {COMPOSE_GO} (docker compose {COMPOSE_GO_CARRIER})."
    )


def version_facts() -> dict[str, str]:
    """The same for `--format json`, by program name."""
    return {"version": __version__, "docker-compose": DOCKER_COMPOSE, "compose-go": COMPOSE_GO}
