"""Options that several commands share, as docker spells and explains them."""

from typing import Annotated, Literal

from stackferry.options.declaration import Argument, Option

Filter = Annotated[
    list[str] | None, Option("-f", "--filter", metavar="KEY=VALUE", help="Filter the output; may be repeated.")
]
Format = Annotated[
    str | None,
    Option("--format", metavar="FORMAT", help="table, json, a Go template, or table with one: 'table {{.Name}}'."),
]
InspectFormat = Annotated[
    str | None, Option("-f", "--format", metavar="FORMAT", help="json, or a Go template: '{{.Spec.Name}}'.")
]
Pretty = Annotated[bool, Option("--pretty", help="Print in a form that is easy to read.")]
Quiet = Annotated[bool, Option("-q", "--quiet", help="Only print ids.")]
NoTrunc = Annotated[bool, Option("--no-trunc", help="Do not truncate ids, images and errors.")]
NoResolve = Annotated[bool, Option("--no-resolve", help="Print ids of services and nodes instead of names.")]
Detach = Annotated[bool, Option("-d", "--detach", help="Do not wait for the services to converge.")]
WaitTimeout = Annotated[
    float | None,
    Option("--wait-timeout", metavar="SECONDS", help="Give up waiting after this many seconds; 0 means never."),
]
Silent = Annotated[bool, Option("-q", "--quiet", help="Do not show progress.")]
NoResolveImage = Annotated[
    bool, Option("--no-resolve-image", help="Do not ask the registry for the digest of the image.")
]
IncludeDeps = Annotated[bool, Option("--include-deps", help="Include the dependencies of the named services.")]
Pull = Literal["always", "missing", "never"]
"""When images are pulled: always, missing ones, never."""
SomeServices = Annotated[list[str] | None, Argument(metavar="[SERVICE]...", help="Only these services.")]


TaskName = Annotated[str, Argument(metavar="SERVICE|TASK", help="web, web.2, or a task's id.")]

Index = Annotated[int, Option("--index", metavar="N", help="Slot of the task. Default: the first.")]
