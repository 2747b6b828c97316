"""Files that a RUN removes, paths that a mount covers, and stages that get into the image."""

import pytest

from stackferry.grammar.dockerfile.facts.cleaning import is_kept, mounted, removed
from stackferry.grammar.dockerfile.facts.step import Step
from tests.grammar.lint.making import facts

LISTS = "/var/lib/apt/lists"


def only(run: str) -> Step:
    (step,) = facts(f"FROM a\nWORKDIR /var\nRUN {run}\n").steps("RUN")
    return step


@pytest.mark.parametrize(
    "run",
    [
        "rm -rf /var/lib/apt/lists/*",
        "rm -r /var/lib/apt/lists",
        "rm --recursive /var/lib/apt",
        "rm -fR /tmp/x /var/lib/apt/lists/",
        "a && (sudo rm -rf /var/lib/apt/lists/*_*)",
        "bash -c 'rm -rf /var/lib/apt/lists/*'",
        "find /var/lib/apt/lists -type f -delete",
        "D=/var/lib && rm -rf $D/apt/lists",
    ],
)
def test_removed(run: str) -> None:
    assert removed(only(run), LISTS)


@pytest.mark.parametrize(
    "run", ["rm -rf /tmp/*", "rm -f /var/lib/apt/lists/*", "echo rm -rf /var/lib/apt", "rm -rf $X"]
)
def test_not_removed(run: str) -> None:
    assert not removed(only(run), LISTS)


def test_the_home_folder_is_that_of_root() -> None:
    assert removed(only("rm -rf ~/.cache"), "/root/.cache/pip")


@pytest.mark.parametrize(
    ("mount", "expected"),
    [
        ("type=cache,target=/var/lib/apt/lists", True),
        ("type=tmpfs,target=/var/lib/apt/", True),
        ("type=cache,target=lib", True),
        ("type=cache,target=$UNKNOWN", True),
        ("type=cache,target=/var/lib/apt/lists/partial", False),
        ("type=cache,target=/var/lib/ap", False),
        ("type=bind,target=/var/lib/apt/lists", False),
    ],
)
def test_mounted(mount: str, expected: bool) -> None:
    assert mounted(only(f"--mount={mount} true"), LISTS) is expected


def test_the_last_stage_and_those_it_is_built_on_are_kept() -> None:
    file = facts("FROM a AS base\nFROM a AS build\nFROM base AS middle\nFROM middle\nCOPY --from=build /a /a\n")

    assert [is_kept(stage) for stage in file.stages] == [True, False, True, True]
