"""Extensions that became keys: `x-develop` means `develop`, and the key wins over the extension."""

import pytest

from stackferry.grammar.compose.phases.adopted import adopt, adopted_paths
from stackferry.grammar.diagnostics import Diagnostics
from tests.grammar.making import tree, value


def adopted(service: str) -> object:
    report = Diagnostics()
    root = adopt(tree(f"services: {{web: {service}}}"), report)
    assert list(report) == []
    return value(root)["services"]["web"]


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("{x-develop: {watch: [{path: a}]}}", {"develop": {"watch": [{"path": "a"}]}}),
        ("{x-develop: {watch: []}, develop: null}", {"develop": {"watch": []}}),
        (
            "{x-develop: {watch: [{path: a}], x-n: 1}, develop: {watch: [{path: b}], x-n: 2}}",
            {"develop": {"watch": [{"path": "a"}, {"path": "b"}], "x-n": 2}},
        ),
        ("{develop: {watch: [{x-initialSync: true}]}}", {"develop": {"watch": [{"initial_sync": True}]}}),
        (
            "{develop: {watch: [{x-initialSync: true, initial_sync: false}, 1]}}",
            {"develop": {"watch": [{"initial_sync": False}, 1]}},
        ),
        ("text", "text"),
        ("{develop: text, image: x}", {"develop": "text", "image": "x"}),
    ],
)
def test_the_key_is_meant(service: str, expected: object) -> None:
    assert adopted(service) == expected


@pytest.mark.parametrize("text", ["services: {web: {image: x}}", "services: text", "name: x"])
def test_nothing_to_adopt_is_nothing_new(text: str) -> None:
    root = tree(text)

    assert adopt(root, Diagnostics()) is root


def test_a_reset_extension_resets_the_key() -> None:
    paths = (("services", "a", "x-develop", "watch"), ("services", "a", "image"), ("x-develop",))

    assert adopted_paths(paths) == (*paths, ("services", "a", "develop", "watch"))
