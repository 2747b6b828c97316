"""Generated documents → whole stacks on disk: overrides, extends, include, anchors, tags, variables.

`tests/strategies.py` makes the documents; here they become files with the YAML that plain values
cannot say (`!reset`, `!override`, `<<: *common`), and then cases.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests import strategies
from tests.conformance.case import Case
from tests.conformance.neighbours import Merge, include, inherit, share
from tests.strategies import Plain

VARIABLES = {"IMAGE": "img:2", "SET": "set", "ONE": "1", "YES": "true", "EMPTY": "", "PORT": "8000"}

_TEXTS = ("", "text", "${UNSET}", "${SET}", "${ONE}", "$", "${", "${SET:?x}", "${NO:?x}")
_JUNK: tuple[Plain, ...] = (
    *(None, True, 0, -1, 1.5, *_TEXTS, [], {}, [None], {"a": 1}),
    *(float("inf"), float("nan"), -0.0, dt.date(2001, 2, 3)),
)
_WRAPS = (
    "{}",
    "${{UNSET:-{}}}",
    "${{SET:+{}}}",
    "${{EMPTY-}}{}",
    "${{UNSET:-${{EMPTY:-{}}}}}",
    "{}$$",
    "${{SET?}}{}",
    "${{DOT:-{}}}",
    "${{SET:-${{NO:?x}}}}{}",
    "{}${{UNSET:+${{NO:?x}}}}",
    "{}${{UNSET:-${{NO:?x}}}}",
)
_ENV_FILE = "A=file\nB='$SET'\nC=\"${SET}\\n${UNSET:-x}\"\nD\nexport E=$A # comment\n"


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A value behind `!reset` or `!override`."""

    tag: str
    value: Plain


class _Dumper(yaml.SafeDumper):
    """Writes the two kinds of value above; everything else as PyYAML does."""


def _merge(dumper: yaml.SafeDumper, key: Merge) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:merge", str(key))


def _tagged(dumper: yaml.SafeDumper, tagged: _Tagged) -> yaml.Node:
    node = dumper.represent_data(tagged.value)
    node.tag = tagged.tag
    if isinstance(node, yaml.ScalarNode):
        node.style = '"' if isinstance(tagged.value, str) else None
    return node


_Dumper.add_representer(Merge, _merge)
_Dumper.add_representer(_Tagged, _tagged)


@dataclass(frozen=True, slots=True)
class Stack:
    """Files, path to text, and how they are named on the command line."""

    files: Mapping[str, str]
    named: tuple[str, ...]
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()

    def case(self, folder: Path) -> Case:
        """Write the files below `folder` and return the question to ask about them."""
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Case(
            "generated",
            "generated",
            str(folder),
            str(folder),
            self.named,
            VARIABLES,
            self.profiles,
            self.env_files,
        )

    @property
    def size(self) -> int:
        """Characters of all files: of two stacks that show the same, the smaller is the better."""
        return sum(map(len, self.files.values()))


@st.composite
def stacks(draw: st.DrawFn) -> Stack:
    """A stack of one to three files, with what else their services need."""
    document = draw(_altered(strategies.documents()))
    files: dict[str, Plain] = {"compose.yaml": document}
    inherit(draw, document, files)
    share(draw, document)
    include(draw, document, files)
    named = ["compose.yaml"]
    for name in ("over.yaml", "sub/last.yaml")[: draw(st.sampled_from((0, 0, 1, 2)))]:
        over = draw(_altered(strategies.overrides()))
        share(draw, over)
        files[name] = _tag(draw, over)
        named.append(name)
    files |= {"one.env": _ENV_FILE, "base/one.env": "FROM=base\n"}
    env_files = draw(st.sampled_from(((), (), (), ("vars.env",), ("vars.env", "one.env"))))
    files["vars.env" if env_files else ".env"] = draw(strategies.env_texts())
    return Stack(
        {name: content if isinstance(content, str) else _text(content) for name, content in files.items()},
        tuple(named),
        draw(st.sampled_from(((), ("dev",), ("*",), ("dev", "ops")))),
        env_files,
    )


def _tag(draw: st.DrawFn, document: Plain) -> Plain:
    """Put `!reset` or `!override` on a key of an overriding document, sometimes."""
    tag = draw(st.sampled_from((None, None, "!reset", "!override")))
    places = [(parent, key) for parent, key in _places(document) if isinstance(key, str) and parent is not document]
    if tag and places:
        parent, key = draw(st.sampled_from(places))
        parent[key] = _Tagged(tag, parent[key])
    return document


@st.composite
def _altered(draw: st.DrawFn, documents: SearchStrategy[Plain]) -> Plain:
    """A copy of its own of a document, with variables put into some scalars and now and then one wrong value."""
    document = _copy(draw(documents))
    places = list(_places(document))
    for _ in range(draw(st.sampled_from((0, 0, 1, 2)))):
        parent, key = draw(st.sampled_from(places))
        if isinstance(parent[key], str | int | float) and not isinstance(parent[key], bool):
            parent[key] = draw(st.sampled_from(_WRAPS)).format(parent[key])
    if draw(st.integers(0, 3)) == 3:
        # Empty, but of the right kind: what a Go program cannot tell from what is not there.
        parent, key = draw(st.sampled_from(places))
        parent[key] = type(parent[key])() if parent[key] is not None else ""
    elif draw(st.integers(0, 7)) == 7:
        parent, key = draw(st.sampled_from(places))
        parent[key] = draw(st.sampled_from(_JUNK))
    return document


def _text(document: Plain) -> str:
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    return text


def _copy(value: Plain) -> Plain:
    """A copy in which nothing is shared: what is shared would be written as an alias."""
    if isinstance(value, dict):
        return {key: _copy(child) for key, child in value.items()}
    return [_copy(child) for child in value] if isinstance(value, list) else value


def _places(value: Plain) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) below a value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in list(children):
        yield value, key
        yield from _places(child)
