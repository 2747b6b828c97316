"""Reasons of failed builds, from the output of real builders."""

import pytest

from stackferry.emulator.engine.build_failure import BuildFailure, build_failure

BUILDCTL = """\
#5 [2/2] RUN make
#5 0.412 /bin/sh: make: not found
#5 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 127
------
 > [2/2] RUN make:
0.412 /bin/sh: make: not found
------
Dockerfile:3
--------------------
   1 |     FROM busybox
   3 | >>> RUN make
   4 | CMD x
--------------------
error: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 127
"""
BUILDX = """\
build/web.Dockerfile:12
--------------------
  12 | >>> COPY absent /
--------------------
ERROR: target main: failed to solve: failed to compute cache key: "/absent": not found
"""
INSIDE_DOCKER = """\
#6 [3/3] RUN echo a-line; false
#6 0.200 a-line
#6 ERROR: executor failed running [/bin/sh -c echo a-line; false]: exit code: 1
------
 > [3/3] RUN echo a-line; false:
------
executor failed running [/bin/sh -c echo a-line; false]: exit code: 1
"""
OLD_ENGINE = """\
ERROR: target app: failed to solve: rpc error: code = Unknown desc = failed to solve with frontend dockerfile.v0: \
unsupported frontend capability moby.buildkit.frontend.contexts
"""
AWAY = """\
error: failed to list workers: Unavailable: connection error: desc = "transport: Error while dialing: \
dial unix /run/buildkit/buildkitd.sock: connect: no such file or directory"
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            BUILDCTL,
            BuildFailure(
                'process "/bin/sh -c make" did not complete successfully: exit code: 127',
                "Dockerfile",
                3,
                ("[2/2] RUN make", "/bin/sh: make: not found"),
            ),
        ),
        (BUILDX, BuildFailure('failed to compute cache key: "/absent": not found', "build/web.Dockerfile", 12)),
        (
            INSIDE_DOCKER,
            BuildFailure(
                "executor failed running [/bin/sh -c echo a-line; false]: exit code: 1",
                output=("[3/3] RUN echo a-line; false",),
            ),
        ),
        (
            OLD_ENGINE,
            BuildFailure("unsupported frontend capability moby.buildkit.frontend.contexts"),
        ),
        (AWAY, BuildFailure(AWAY.strip().removeprefix("error: "))),
        ("", BuildFailure("no reason was given")),
    ],
)
def test_what_builders_say(text: str, found: BuildFailure) -> None:
    assert build_failure(text.splitlines()) == found


def test_as_a_message() -> None:
    assert str(build_failure(BUILDX.splitlines())) == (
        'build/web.Dockerfile:12: failed to compute cache key: "/absent": not found'
    )
    assert str(BuildFailure("no")) == "no"
