"""How places are written, and the index that finds an item of a list."""

import pytest

from stackferry.translator.fates import FATES
from stackferry.translator.place import index_of, parsed


def test_segments() -> None:
    role, segments = parsed("container.ports[containerPort={target},protocol={protocol}].hostPort")

    assert role == "workload"
    assert [one.name for one in segments] == ["spec", "template", "spec", "containers", "ports", "hostPort"]
    assert segments[3].position == 0
    assert segments[4].keys == ("containerPort", "protocol")
    assert segments[4].wanted == ("{target}", "{protocol}")


def test_every_place_of_the_table_is_one() -> None:
    assert all(parsed(place)[0] for fate in FATES.values() for place in fate.places)


def test_what_is_no_place() -> None:
    with pytest.raises(ValueError, match="not a segment"):
        parsed("container.ports[0")


def test_index_knows_the_first_of_equals_and_every_value_of_a_list() -> None:
    items = [{"ip": 1, "names": ["a", "b"]}, {"ip": 2, "names": ["b", "c"]}, {"ip": 3}]

    assert index_of(items, ("names",)) == {("a",): 0, ("b",): 0, ("c",): 1}
    assert index_of(items, ("ip", "names"))["2", "b"] == 1
