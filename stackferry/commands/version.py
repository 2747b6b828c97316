"""`stackferry version`, as `docker compose version`."""

import json
from typing import Annotated, Literal

from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session


@verb
def version(
    _session: Session,
    form: Annotated[Literal["pretty", "json"], Option("-f", "--format", help="Output format.")] = "pretty",
    short: Annotated[bool, Option("--short", help="Only print the version number.")] = False,
) -> int:
    """Show the version."""
    from stackferry import __version__
    from stackferry.grammar.compose_reference import COMPOSE_GO

    if short:
        print(__version__)
    elif form == "json":
        print(json.dumps({"version": __version__, "compose-go": COMPOSE_GO}, separators=(",", ":")))
    else:
        print(f"stackferry {__version__}, reading compose files as compose-go {COMPOSE_GO} (docker compose 5.7)")
    return 0
