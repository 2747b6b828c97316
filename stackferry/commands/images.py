"""`stackferry images`: the images of the stack's containers, as `docker compose images`."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal

from stackferry.options.common import SomeServices
from stackferry.options.declaration import Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.image import ImageInfo


@verb
def images(
    session: Session,
    services: SomeServices = None,
    form: Annotated[Literal["table", "json"], Option("--format", help="Output format.")] = "table",
    quiet: Annotated[bool, Option("-q", "--quiet", help="Only print ids.")] = False,
) -> int:
    """List the images of running tasks."""
    import time

    from stackferry.engine import connect
    from stackferry.lookup.containers import running_tasks
    from stackferry.render.columns import columns
    from stackferry.render.image_rows import image_cells, image_row

    _, tasks = running_tasks(session, services)
    engine = connect(session)
    known: dict[str, ImageInfo | None] = {}
    rows = []
    for task in tasks:
        container = engine.inspect(task.container_id)
        if container is None:
            continue
        # By its id: the name may be another image's by now.
        key = container.image_id or container.image
        known[key] = info = known[key] if key in known else engine.image(key)
        if info is not None:
            rows.append((image_row(container.name, container.image, info), info))
    if quiet:
        text = "".join(f"{one}\n" for one in dict.fromkeys(info.id.removeprefix("sha256:") for _, info in rows))
    elif form == "json":
        text = json.dumps([row for row, _ in rows], separators=(",", ":"), ensure_ascii=False) + "\n"
    else:
        text = columns(image_cells(rows, time.time()))
    sys.stdout.write(text)
    return 0
