"""The options of the commands that show what tasks write."""

from typing import Annotated

from stackferry.options.declaration import Option

Follow = Annotated[bool, Option("-f", "--follow", help="Go on with what is written from now on.")]
Since = Annotated[str | None, Option("--since", metavar="TIME", help="From then on: 42m, 2013-01-02T13:23:37Z.")]
Until = Annotated[str | None, Option("--until", metavar="TIME", help="Until then.")]
Tail = Annotated[str, Option("-n", "--tail", metavar="N", help="So many last lines of each task.")]
Timestamps = Annotated[bool, Option("-t", "--timestamps", help="Show the time of each line.")]
