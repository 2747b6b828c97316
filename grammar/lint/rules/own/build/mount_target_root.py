"""mount-target-root: Do not mount at the root of the file system.

A mount without a target is at the WORKDIR, which is `/` where none is set; a build refuses that.

    FROM golang:1.22
    RUN --mount=type=cache go build ./...

    FROM golang:1.22
    RUN --mount=type=cache,target=/root/.cache/go-build go build ./...

So it is with `target=/`, and with bind mounts. Secrets and ssh need no target.
"""

from collections.abc import Iterator
from functools import partial
from posixpath import normpath
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.filled import filled
from stackferry.grammar.dockerfile.facts.mounts import mount as read_mount
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_WITH_TARGET = ("bind", "cache", "tmpfs")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Mounts at `/` (BuildKit's dispatchRunMounts)."""
    for step in file.steps("RUN"):
        if step.onbuild or step.stage.windows:
            continue
        for given in step.mounts:
            # What nothing sets is empty, where the base image is known.
            mount = given if given.target is not None else read_mount(given.flag, partial(filled, step))
            target, workdir = mount.target, step.workdir
            if mount.errors or mount.type not in _WITH_TARGET or target is None:
                continue
            if not target.startswith("/"):
                if workdir is None:
                    continue
                target = "/" + normpath(f"/{workdir}/{target}").strip("/")
            if target == "/":
                word = mount.flag.word
                where = "is at /" if mount.target else f"has no target, and WORKDIR is {workdir or 'not set'}"
                yield Hit(word.start, word.end, f"the {mount.type} mount {where}", "write target=/path")
