"""`stackferry stack config`: the merged file, as `docker stack config` prints it."""

import sys
from typing import Annotated

from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session


@verb
def stack_config(
    session: Session,
    compose_file: Annotated[
        list[str] | None,
        Option("-c", "--compose-file", metavar="FILE", help="Compose file; - reads standard input."),
    ] = None,
    skip_interpolation: Annotated[bool, Option("--skip-interpolation", help="Do not replace ${…}.")] = False,
) -> int:
    """Print the files merged and filled in."""
    from dataclasses import replace

    from stackferry.grammar.compose.output.render import render_yaml
    from stackferry.options.stack_options import load_stack, requested
    from stackferry.render.stack_file import stack_file

    request = requested(session)
    files = (*request.files, *(compose_file or ()))
    loaded = load_stack(session, replace(request, files=files, interpolate=not skip_interpolation))
    text = render_yaml(stack_file(loaded.canonical(), loaded.name))
    sys.stdout.write(text.replace("$", "$$") if loaded.interpolated else text)
    return 0
