"""The table of fates of the local engine: complete, without stale rows, with existing places."""

import json

import pytest

from stackferry.emulator.desired.explanation import look_up
from stackferry.emulator.fates import FATES, TABLE
from stackferry.grammar.compose.validate.schema import key_paths
from stackferry.grammar.notes import Kind
from tests.emulator.stacks import made
from tests.translator.test_fates import PUBLISHED, paths

STACK = made("name: s\nservices:\n  a: {image: a}\n")


def test_every_key_that_the_loader_knows_has_a_fate() -> None:
    assert set(key_paths()) - set(FATES) == set()


def test_no_fate_is_left_over() -> None:
    known = set(key_paths())
    extra = {path for path in FATES if path not in known and path.removesuffix("[]") not in known}

    assert extra == {"x-stackferry", "x-stackferry.nodes"}


@pytest.mark.skipif(not PUBLISHED.exists(), reason="../shared/reference is not here")
def test_every_key_of_the_published_schema_has_a_fate() -> None:
    assert paths(json.loads(PUBLISHED.read_text(encoding="utf-8"))) - set(FATES) == set()


@pytest.mark.parametrize("path", FATES)
def test_a_fate_says_why_and_where(path: str) -> None:
    fate = FATES[path]
    used = tuple("a" if part == "*" else part for part in path.split("."))

    assert fate.why.strip()
    assert not (fate.places and fate.kind in (Kind.NOT_YET, Kind.NOT_APPLICABLE))
    for place in fate.places:
        assert all(isinstance(found, str) for found in look_up(place, used, STACK))


def test_extensions() -> None:
    for path, key in ((("x-a", "b"), "x-*"), (("x-stackferry", "nodes", 0, "name"), "x-stackferry.nodes")):
        found = TABLE.fate_of(path)
        assert found is not None
        assert found[1] == key
