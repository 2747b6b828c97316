"""Git repositories as sources of ADD: `https://example.com/app.git?branch=main`, `git@example.com:team/app.git#v1`.

Recognizes and checks them as BuildKit does (dfgitutil/git_ref.go, gitutil/git_url.go, and Go's net/url below them).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

from stackferry.grammar.regex import regex

_SCHEME = regex(r"([a-zA-Z0-9]+)://")
_SCHEMES = frozenset(("http", "https", "ssh", "git"))
_LIKE_SCP = regex(r"[a-zA-Z0-9_-]+@[a-zA-Z0-9.-]+:[^\n]*?(?:\?(?P<query>[^\n]*?))?(?:#(?P<fragment>[^\n]*))?")
_PARTS = regex(r"(?P<host>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?", re.DOTALL)
_HOST = regex(r"(?:[^@\s<>\"\[\]]*@)?(?:\[[^\]\s]+\]|[^\s:<>\"\[\]\\^`{|}/?#@]*)(?::[0-9]*)?")
_BAD_ESCAPE = regex(r"%(?![0-9a-fA-F]{2})")
_CONTROL = regex(r"[\x00-\x1f\x7f]")
_LIKE_A_FOLDER = "github.com/"

TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))
_SWITCHES = ("submodules", "keep-git-dir", "fetch-by-commit")
_TIMES = ("checkout", "commit")
_QUERIES = frozenset((*_SWITCHES, "ref", "tag", "branch", "subdir", "checksum", "commit", "mtime"))


class GitReference(NamedTuple):
    """A parsed reference to a repository.

    `wrong` is why BuildKit refuses it, empty if it does not. `local`: it could also be a directory of the context, and
    is treated as such. `keep` is the value of `keep-git-dir`, None if there is none.
    """

    wrong: str = ""
    local: bool = False
    checksum: str = ""
    keep: bool | None = None


def git_reference(text: str) -> GitReference | None:
    """The repository that a text refers to; None if it is no Git reference."""
    local = text.startswith(_LIKE_A_FOLDER)
    scheme = _SCHEME.match(text)
    if local or scheme is not None:
        name = "https" if scheme is None else scheme[1].lower()
        parts = _PARTS.fullmatch(text, 0 if scheme is None else scheme.end())
        if parts is None or name not in _SCHEMES or not _is_url(text, parts):
            return None
        if scheme is not None and name in ("http", "https") and not unquote(parts["path"]).endswith(".git"):
            return None
    else:
        parts = _LIKE_SCP.fullmatch(text)
        if parts is None or _BAD_ESCAPE.search(parts["query"] or "") or ";" in (parts["query"] or ""):
            return None
    return _read(_values(parts["query"] or ""), parts["fragment"] or "", local=local)


def _is_url(text: str, parts: "re.Match[str]") -> bool:
    if _CONTROL.search(text) or not _HOST.fullmatch(parts["host"]):
        return False
    return not any(_BAD_ESCAPE.search(parts[name] or "") for name in ("path", "fragment"))


def _values(query: str) -> Mapping[str, list[str]]:
    """The values of a query by name. A pair that cannot be parsed is ignored."""
    found: dict[str, list[str]] = {}
    for pair in query.split("&"):
        if pair and ";" not in pair and not _BAD_ESCAPE.search(pair):
            name, _, value = pair.partition("=")
            found.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    return found


def _read(values: Mapping[str, list[str]], fragment: str, *, local: bool) -> GitReference:
    ref, _, folder = fragment.partition(":")
    said = {name: each[0] for name, each in values.items()}
    wrong = next(filter(None, (_wrong(name, each) for name, each in values.items())), "")
    wrong = wrong or _conflict(ref, said) or _other("subdir", folder.strip("/"), said.get("subdir", ""))
    keep = values.get("keep-git-dir")
    return GitReference(
        wrong,
        local,
        said.get("commit") or said.get("checksum") or "",
        None if keep is None else keep[0] not in FALSE,
    )


def _wrong(name: str, values: list[str]) -> str:
    """The error in a value, empty if there is none."""
    value = values[0]
    if len(values) > 1:
        return f"it sets {name} more than once"
    if name not in _QUERIES:
        return f"unknown option {name!r}"
    if not value:
        return "" if name in _SWITCHES else f"{name} has no value"
    if name in _SWITCHES and value not in TRUE | FALSE:
        return f"{name} must be true or false, not {value}"
    if name == "mtime" and value not in _TIMES:
        return f"mtime must be checkout or commit, not {value}"
    return ""


def _conflict(ref: str, said: Mapping[str, str]) -> str:
    """The conflict between the ways to name a commit: `#ref`, ref, tag and branch; empty if there is none."""
    if "tag" in said and "branch" in said:
        return "it specifies both a tag and a branch"
    wrong = _other("ref", ref, said.get("ref", ""))
    ref = said.get("ref") or ref
    for name, prefix in (("tag", "refs/tags/"), ("branch", "refs/heads/")):
        if not wrong and name in said:
            full = said[name] if said[name].startswith(prefix) else prefix + said[name]
            wrong = _other(name, ref, full)
    return wrong


def _other(name: str, before: str, value: str) -> str:
    return f"it sets {name} twice: {before} and {value}" if before and value and before != value else ""
