"""`.hadolint.yaml` as hadolint parses it: valid input and errors, also compared with the real one."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.config.hadolint_file import HadolintKeys, RefusedError, read
from stackferry.grammar.source import Span
from tests.grammar.lint.catalogues import hadolint, needs_hadolint


def keys(text: str) -> HadolintKeys:
    return read(text, ".hadolint.yaml")._replace(places={}, notes=())


def test_every_key():
    text = """
        failure-threshold: warning
        format: json
        ignored: [DL3000, "SC1010"]
        label-schema: {author: text, version: semver, any: ""}
        no-color: true
        no-fail: True
        override: {error: [DL3001], warning: [DL3042], info: [DL3032], style: [DL3015]}
        strict-labels: TRUE
        disable-ignore-pragma: false
        trustedRegistries: [docker.io, "*.gcr.io"]
    """
    assert keys(text) == HadolintKeys(
        failure_threshold="warning",
        format="json",
        ignored=("DL3000", "SC1010"),
        label_schema={"author": "text", "version": "semver", "any": "text"},
        no_color=True,
        no_fail=True,
        override={"error": ("DL3001",), "warning": ("DL3042",), "info": ("DL3032",), "style": ("DL3015",)},
        strict_labels=True,
        disable_ignore_pragma=False,
        trusted_registries=("docker.io", "*.gcr.io"),
    )


def test_places():
    found = read("ignored:\n- DL3000\n- DL3001\noverride:\n  error: [DL3002]\n", "c.yaml")

    assert found.places["ignored",] == Span("c.yaml", 1, 1)
    assert found.places["ignored", "DL3001"] == Span("c.yaml", 3, 3)
    assert found.places["override", "error", "DL3002"] == Span("c.yaml", 5, 11)


UNKNOWN = [
    ("foo: bar", "1:1", "unknown key 'foo'", "silently"),
    ("ignore: [DL3006]", "1:1", "unknown key 'ignore'", "did you mean 'ignored'?"),
    ("failure_threshold: error", "1:1", "unknown key 'failure_threshold'", "did you mean 'failure-threshold'?"),
    ("trusted-registries: [x]", "1:1", "unknown key 'trusted-registries'", "did you mean 'trustedRegistries'?"),
    ("override:\n  ignore: [DL3006]", "2:3", "unknown key 'ignore' in override", "list them under `ignored`"),
]


@pytest.mark.parametrize(("text", "place", "message", "hint"), UNKNOWN)
def test_an_unknown_key_is_a_notice(text, place, message, hint):
    (notice,) = read(text, "c.yaml").notes

    assert str(notice).startswith(f"c.yaml:{place}: warning[unknown-key]: {message}\n  hint: ")
    assert hint in notice.hint


REFUSED = [
    ("ignored: DL3006", "1:10", "ignored: expected a list, got a text", "write it as a list"),
    ("ignored: [1]", "1:11", "an item: expected a text, got a number", ""),
    ("ignored: [~]", "1:11", "an item: expected a text, got nothing", ""),
    ("ignored: {DL3006: x}", "1:10", "expected a list, got a mapping", ""),
    ("ignored: !foo [DL3006]", "1:10", "got something tagged !foo", ""),
    ("override: [DL3006]", "1:11", "override: expected a mapping, got a list", ""),
    ("override: {error: DL3006}", "1:19", "error: expected a list, got a text", "write it as a list"),
    ("failure-threshold: foo", "1:20", "'foo' is not one of error, warning, info, style", ""),
    ("failure-threshold: Warning", "1:20", "'Warning' is not one of", "did you mean 'warning'?"),
    ("format: github", "1:9", "'github' is not one of tty, json", ""),
    ("no-fail: yes", "1:10", "expected true or false, got a text", "does not accept yes and no"),
    ("no-fail: 'true'", "1:10", "expected true or false, got a text", "without quotes"),
    ("no-color: 3", "1:11", "expected true or false, got a number", ""),
    ("label-schema: [x]", "1:15", "expected a mapping, got a list", ""),
    ("label-schema: {x: TEXT}", "1:19", "label-schema.x: 'TEXT' is not one of", "did you mean 'text'?"),
    ("label-schema:\n  x:", "2:5", "label-schema.x: expected a text, got nothing", ""),
    ("trustedRegistries: x", "1:20", "expected a list, got a text", "write it as a list"),
    ("ignored: [DL3006]\nignored: [DL3003]", "2:1", "the key 'ignored' is set twice", "keep one of them"),
    ("override: {error: [DL1], error: [DL2]}", "1:26", "the key 'error' is set twice", "keep one of them"),
    ("- DL3006", "1:1", "the file: expected a mapping, got a list", ""),
    ("hello", "1:1", "the file: expected a mapping, got a text", ""),
    ("ignored: [DL3006", "2:1", "not YAML", ""),
    ("ignored:\n\t- DL3006", "2:1", "not YAML", ""),
    ("ignored: [a]\nx: *y", "2:4", "not YAML", ""),
    ("a: 1\n---\nb: 2", "2:1", "not YAML", ""),
    ("a: \x00", "1:1", "not YAML", ""),
]
DEEP = "[" * 5000
"""The real hadolint needs minutes for it."""


@pytest.mark.parametrize(("text", "place", "message", "hint"), REFUSED, ids=[case[0][:40] for case in REFUSED])
def test_what_hadolint_refuses(text, place, message, hint):
    with pytest.raises(RefusedError) as error:
        read(text + "\n", "c.yaml")

    assert str(error.value.notice).startswith(f"c.yaml:{place}: warning[hadolint-config]: ")
    assert message in error.value.notice.message
    assert hint in error.value.notice.hint


def test_bottomless_nesting_is_refused():
    with pytest.raises(RefusedError, match="not YAML"):
        read(DEEP, "c.yaml")


TAKEN = [
    "ignored: [DL3006]",
    '"ignored": [DL3006]',
    "{ignored: [DL3006]}",
    "ignored: [DL3006,]",
    "ignored:\n  - DL3006 # why\n...",
    "%YAML 1.1\n---\nignored: [DL3006]",
    "\ufeffignored: [DL3006]",
    "x: &a [DL3006]\nignored: *a",
    "ignored: !!seq [DL3006]",
    "ignored: [yes, on, 1_000, 2020-01-01, 1:30, =, <<, DL3006]",
    "ignored: [DL3006]\nx: !foo bar",
    "? [a]\n: b\nignored: [DL3006]",
    "1: a\nignored: [DL3006]",
    "ignored: [DL3006]\noverride: {}\nlabel-schema:\nno-fail: ~\nformat: null\nfailure-threshold: Null",
]


@pytest.mark.parametrize("text", TAKEN)
def test_what_hadolint_takes(text):
    assert "DL3006" in keys(text + "\n").ignored


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "~\n", "{}\n"])
def test_an_empty_file_sets_nothing(text):
    assert keys(text) == HadolintKeys()


@pytest.mark.real
@needs_hadolint
@pytest.mark.parametrize("text", [*TAKEN, *(case[0] for case in (*UNKNOWN, *REFUSED))], ids=lambda text: text[:40])
def test_the_real_hadolint_takes_and_refuses_the_same(tmp_path, text):
    said = hadolint(tmp_path, "FROM debian\n", config=text + "\n")
    try:
        refused, ignored = False, read(text + "\n", "x").ignored
    except RefusedError:
        refused, ignored = True, ()

    assert (said.complained, said.ids == []) == (refused, "DL3006" in ignored)


KEYS = st.sampled_from(["ignored", "override", "error", "no-fail", "label-schema", "x"])


def mapping(items: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"


YAML = st.recursive(
    st.sampled_from(["DL3006", "true", "1", "~", "", "error", "[", "*a", "&a x", "!t x", "'x'"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(KEYS, inner, max_size=3).map(mapping)
    ),
    max_leaves=6,
)


@given(YAML | st.text())
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(RefusedError):
        read(text, "x")
