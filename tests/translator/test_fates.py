"""The table of fates: complete, without stale rows, and equal for all its readers."""

import json

import pytest

from stackferry.grammar.compose.validate.schema import key_paths
from stackferry.translator.fates import EXTENSION, FATES, fate_of
from stackferry.translator.notes import Kind
from tests.conformance.schema import paths
from tests.conftest import ROOT

PUBLISHED = ROOT.parent / "shared" / "reference" / "compose-spec.schema.json"


def test_every_key_that_the_loader_knows_has_a_fate() -> None:
    assert set(key_paths()) - set(FATES) == set()


def test_no_fate_is_left_over() -> None:
    """Besides keys, the table may speak of the items of a list."""
    known = set(key_paths())

    assert {path for path in FATES if path not in known and path.removesuffix("[]") not in known} == set()


@pytest.mark.skipif(not PUBLISHED.exists(), reason="../shared/reference is not here")
def test_every_key_of_the_published_schema_has_a_fate() -> None:
    found = paths(json.loads(PUBLISHED.read_text(encoding="utf-8")))

    assert len(found) > 340
    assert found - set(FATES) == set()


def test_every_fate_says_why() -> None:
    assert [path for path, fate in FATES.items() if not fate.why.strip()] == []


def test_nothing_waits_to_be_supported() -> None:
    """Every key path has its final fate."""
    assert [path for path, fate in FATES.items() if fate.kind is Kind.NOT_YET] == []


def test_what_is_not_supported_went_nowhere() -> None:
    assert [
        path for path, fate in FATES.items() if fate.kind in (Kind.NOT_YET, Kind.NOT_APPLICABLE) and fate.places
    ] == []


@pytest.mark.parametrize(
    ("path", "length", "key"),
    [
        (("services", "web", "image"), 3, "services.*.image"),
        (("services", "web", "cap_add", 1), 3, "services.*.cap_add"),
        (("services", "web", "ports", 0), 4, "services.*.ports[]"),
        (("services", "web", "ports", 0, "target"), 5, "services.*.ports[].target"),
        (("services", "x-web", "image"), 3, "services.*.image"),
        (("services", "web", "labels", "x-a"), 4, "services.*.labels.*"),
        (("services", "web", "environment", "image"), 4, "services.*.environment.*"),
        (("volumes", "data", "driver_opts", "o"), 4, "volumes.*.driver_opts.*"),
    ],
)
def test_fate_of(path: tuple[str | int, ...], length: int, key: str) -> None:
    assert fate_of(path) == (path[:length], key, FATES[key])


@pytest.mark.parametrize("path", [("x-a",), ("services", "web", "x-a", "b"), ("volumes", "data", "x-a")])
def test_extensions(path: tuple[str, ...]) -> None:
    found = fate_of(path)

    assert found is not None
    assert found[2] is EXTENSION


def test_unknown_key() -> None:
    assert fate_of(("nonsense",)) is None
