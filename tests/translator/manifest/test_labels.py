"""Labels of projects whose names are not valid label values."""

import pytest

from stackferry.translator.manifest.labels import of_project, selector
from stackferry.translator.manifest.names import is_label_value


@pytest.mark.parametrize("name", ["shop", "shop_", "-x", "", "a" * 70])
def test_label_values_are_legal(name: str) -> None:
    assert all(is_label_value(value) and value for value in of_project(name).values())


def test_selectors_of_two_stacks_in_one_namespace_differ() -> None:
    assert selector("a", "web") != selector("b", "web")
