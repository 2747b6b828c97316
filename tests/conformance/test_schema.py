"""Our table of keys equals that of the reference: no key is missing, none is invented."""

import json
import subprocess

import pytest

from stackferry.grammar.compose.validate.schema import COMPOSE, key_paths
from stackferry.grammar.compose.validate.shape import Shape
from tests.compose5.build import LOADER, UnavailableError, build
from tests.conformance.schema import kinds, paths


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    try:
        program = build(LOADER)
    except UnavailableError as reason:
        pytest.skip(str(reason))
    found: dict[str, object] = json.loads(subprocess.run([program, "schema"], capture_output=True, check=True).stdout)
    return found


@pytest.mark.real
def test_the_keys_are_those_of_the_reference(schema: dict[str, object]) -> None:
    assert set(key_paths()) == paths(schema)


@pytest.mark.real
def test_the_kinds_of_values_are_those_of_the_reference(schema: dict[str, object]) -> None:
    ours = dict(_shapes(COMPOSE, ""))
    theirs = kinds(schema)

    assert {path: _kinds(ours[path]) for path in theirs if _kinds(ours[path]) != theirs[path]} == {}


def _shapes(shape: Shape, path: str) -> list[tuple[str, Shape]]:
    found = [(path, shape)] if path else []
    for name, child in shape.keys.items():
        found += _shapes(child, f"{path}.{name}" if path else name)
    if shape.star is not None:
        found += _shapes(shape.star, f"{path}.*")
    if shape.item is not None:
        found += _shapes(shape.item, f"{path}[]")
    return found


def _kinds(shape: Shape) -> set[str]:
    """The kinds as JSON schema names them; a number may be whole."""
    names = {"text": "string", "mapping": "object", "list": "array"}
    found = {names.get(kind, kind) for kind in shape.kinds}
    return found - {"integer"} if "number" in found else found
