"""The options of the commands that show what tasks write."""

from typing import Annotated

import typer

Follow = Annotated[bool, typer.Option("-f", "--follow", help="Go on with what is written from now on.")]
Since = Annotated[str | None, typer.Option("--since", metavar="TIME", help="From then on: 42m, 2013-01-02T13:23:37Z.")]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Until then.")]
Tail = Annotated[str, typer.Option("-n", "--tail", metavar="N", help="So many last lines of each task.")]
Timestamps = Annotated[bool, typer.Option("-t", "--timestamps", help="Show the time of each line.")]
