"""Mounts in short syntax."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.syntax.mount import is_host_path, parse_mount
from stackferry.grammar.compose.syntax.short_forms import ShorthandError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/t", {"type": "volume", "target": "/t"}),
        ("/data", {"type": "volume", "target": "/data", "volume": {}}),
        ("vol:/t", {"type": "volume", "source": "vol", "target": "/t", "volume": {}}),
        ("vol:/t:ro", {"type": "volume", "source": "vol", "target": "/t", "read_only": True, "volume": {}}),
        ("vol:/t:ro,rw", {"type": "volume", "source": "vol", "target": "/t", "volume": {}}),
        ("vol:/t:nocopy", {"type": "volume", "source": "vol", "target": "/t", "volume": {"nocopy": True}}),
        ("vol:/t:unheard,of", {"type": "volume", "source": "vol", "target": "/t", "volume": {}}),
        ("./a:/t", {"type": "bind", "source": "./a", "target": "/t", "bind": {"create_host_path": True}}),
        (
            "/a:/t:z,rslave",
            {
                "type": "bind",
                "source": "/a",
                "target": "/t",
                "bind": {"selinux": "z", "propagation": "rslave", "create_host_path": True},
            },
        ),
        ("C:\\a:/t", {"type": "bind", "source": "C:\\a", "target": "/t", "bind": {"create_host_path": True}}),
        ("${A:-x}:/t", {"type": "volume", "source": "${A:-x}", "target": "/t", "volume": {}}),
    ],
)
def test_short_syntax(text: str, expected: dict[str, object]) -> None:
    assert parse_mount(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the mount is empty"),
        (":/t", "an empty section between colons in ':/t'"),
        ("vol:", "an empty section"),
        ("vol::/t", "an empty section"),
        ("v1:/t:ro:x", "too many colons in 'v1:/t:ro:x'"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(ShorthandError, match=message):
        parse_mount(text)


@pytest.mark.parametrize("source", [".", "./a", "../a", "/a", "~", "~/a", "\\\\host\\share", "c:/a", "C:\\a"])
def test_host_paths(source: str) -> None:
    assert is_host_path(source)


@pytest.mark.parametrize("source", ["", "a", "a/b", "1:/a", "data-1", "ab:/c"])
def test_names_of_volumes(source: str) -> None:
    assert not is_host_path(source)


NAMES = st.text("abcdefgh-_.", min_size=2, max_size=8).filter(lambda name: name[0] not in ".~/")


@given(NAMES, NAMES.map("/{}".format), st.booleans())
def test_a_volume_comes_back(source: str, target: str, read_only: bool) -> None:
    mount = parse_mount(f"{source}:{target}{':ro' if read_only else ''}")

    assert (mount["type"], mount["source"], mount["target"]) == ("volume", source, target)
    assert mount.get("read_only", False) is read_only
