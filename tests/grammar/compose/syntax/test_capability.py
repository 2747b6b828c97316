"""Names of capabilities: one for all spellings, and the result of two lists."""

import pytest

from stackferry.grammar.compose.syntax.capability import capability, effective


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("net_admin", "CAP_NET_ADMIN"),
        ("NET_ADMIN", "CAP_NET_ADMIN"),
        (" Cap_Net_Admin ", "CAP_NET_ADMIN"),
        ("all", "ALL"),
        ("CAP_ALL", "CAP_ALL"),
        ("reset", "RESET"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert capability(text) == name


@pytest.mark.parametrize(
    ("add", "drop", "expected"),
    [
        ([], [], ([], [])),
        (["kill", "CAP_KILL", "chown"], [], (["CAP_CHOWN", "CAP_KILL"], [])),
        (["kill", "all"], ["CHOWN"], (["ALL"], ["CAP_CHOWN"])),
        (["kill"], ["CHOWN", "ALL"], (["CAP_KILL"], ["ALL"])),
        (["kill"], ["KILL", "chown"], (["CAP_KILL"], ["CAP_CHOWN"])),
        (["ALL"], ["ALL"], (["ALL"], [])),
        (["RESET"], ["reset"], ([], [])),
    ],
)
def test_two_lists(add: list[str], drop: list[str], expected: tuple[list[str], list[str]]) -> None:
    assert effective(add, drop) == expected
