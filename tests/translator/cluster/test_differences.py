"""The differences of two objects in words."""

from typing import Any

import pytest

from stackferry.translator.cluster.differences import differences


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"spec": {"a": 1}}, {"spec": {"a": 2}}, ["spec.a: 1 -> 2"]),
        ({"spec": {}}, {"spec": {"a": "x"}}, ["spec.a: nothing -> x"]),
        ({"spec": {"a": [1, 2]}}, {"spec": {"a": [1, 3]}}, ["spec.a[1]: 2 -> 3"]),
        ({"spec": {"a": [1]}}, {"spec": {"a": [1, 3]}}, ["spec.a: [1] -> [1, 3]"]),
        ({"data": {"password": "old"}}, {"data": {"password": "new"}}, ["data.password"]),
        ({"metadata": {"resourceVersion": "1"}, "status": 1}, {"metadata": {"resourceVersion": "2"}, "status": 2}, []),
        ({}, {"data": {"PASSWORD": "aHVudGVy"}}, ["data.PASSWORD"]),
        ({"data": {"PASSWORD": "aHVudGVy"}}, {}, ["data.PASSWORD"]),
        ({"a": "x" * 99}, {"a": None}, [f"a: {'x' * 57}... -> nothing"]),
    ],
)
def test_differences(before: Any, after: Any, expected: list[str]) -> None:
    assert list(differences(before, after)) == expected
