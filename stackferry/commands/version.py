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
    """Show the version, and which docker compose it equals."""
    from stackferry.render.version_text import version_facts, version_text

    if short:
        print(version_facts()["version"])
    elif form == "json":
        print(json.dumps(version_facts(), separators=(",", ":")))
    else:
        print(version_text())
    return 0
