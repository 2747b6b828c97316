"""The options of the commands that print the output of tasks."""

from typing import Annotated

from stackferry.options.declaration import Option

Follow = Annotated[bool, Option("-f", "--follow", help="Follow the output.")]
Since = Annotated[
    str | None, Option("--since", metavar="TIME", help="Show output since a time: 42m, 2013-01-02T13:23:37Z.")
]
Until = Annotated[str | None, Option("--until", metavar="TIME", help="Show output until a time.")]
Tail = Annotated[
    str, Option("-n", "--tail", metavar="N", help="Number of lines to show from the end of each task's output.")
]
Timestamps = Annotated[bool, Option("-t", "--timestamps", help="Show timestamps.")]
