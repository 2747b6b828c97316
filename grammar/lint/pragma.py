"""Parses one comment as a pragma, without regard to its place (see `pragmas.py`).

Four forms: `# hadolint ignore=DL3008,SC2086 # why`, also `global ignore=` and `stage ignore=`, as hadolint reads them;
`# stackferry ignore=ID,ID why` with the same words; `# check=skip=ID,ID;error=true;experimental=ID` of BuildKit.
`# hadolint shell=…` names a shell and ignores nothing: the facts read it.
"""

import re
from typing import NamedTuple

from stackferry.grammar.regex import regex

NEXT, STAGE, FILE = "next", "stage", "file"
_SCOPES = {None: NEXT, "stage": STAGE, "global": FILE}

_IGNORE = regex(r"#[ \t]*(hadolint|stackferry)[ \t]+(?:(global|stage)[ \t]+)?ignore[ \t]*=[ \t]*")
_CHECK = regex(r"#\s*check\s*=\s*(?=\S)", re.IGNORECASE)
_MEANT = regex(
    r"#+\s*(?:hadolint|stackferry)\b[\s:,-]*(?:(?:global|stage|file)\b\s*)?(?:ignore|disable|skip)\b\s*[:=]?\s*"
    r"(?:[A-Z]{2,3}[0-9_]|[a-z]+-[a-z])|#+\s*(?:hadolint|stackferry)\s+(?:(?:global|stage)\s+)?ignore\s*[:=]",
    re.IGNORECASE,
)
_WORD = regex(r"[^\s,#]+")
_LISTED = regex(r"[^\s,#]+(?:[ \t]*,[ \t]*[^\s,#]+)*")
_ITEM = regex(r"[^,\s](?:[^,]*[^,\s])?")


class Name(NamedTuple):
    """An id in a pragma, and its place in the source."""

    text: str
    start: int
    end: int


class Misread(NamedTuple):
    """A comment, or part of one, that looks like a pragma but is none."""

    message: str
    hint: str
    start: int
    end: int


class Said(NamedTuple):
    """A parsed pragma.

    `tool` is hadolint, stackferry or check, `scope` what it applies to, `names` the ids to ignore. The rest is only for
    `# check=`: `everything` is `skip=all`, `experimental` the experimental checks to run (`all`
    for all), `error` whether a finding makes the build fail.
    """

    tool: str
    scope: str
    names: tuple[Name, ...] = ()
    everything: bool = False
    experimental: tuple[Name, ...] = ()
    error: bool = False
    misread: tuple[Misread, ...] = ()


def said(text: str, start: int = 0) -> Said | Misread | None:
    """Parse a comment (its text from the `#` on) as a pragma; `start` is its offset.

    A comment that only looks like a pragma, and has no effect, is `Misread`.
    """
    ignore = _IGNORE.match(text)
    if ignore is not None:
        tool, scope = ignore[1], _SCOPES[ignore[2]]
        listed = _hadolint_list if tool == "hadolint" else _stackferry_list
        names = listed(text, ignore.end(), start)
        if names:
            return Said(tool, scope, names)
    elif text[1:].lstrip()[:5].lower() == "check":
        check = _CHECK.match(text)
        if check is not None:
            # BuildKit reads only up to the first blank.
            end = min((at for at in (text.find(" ", check.end()), len(text.rstrip())) if at >= 0), default=0)
            return checked(text[check.end() : end], start + check.end())
    if _MEANT.match(text):
        hint = "write # hadolint ignore=DL3008 # why, or # stackferry ignore=DL3008 why"
        return Misread("this comment looks like a pragma, but nothing is ignored", hint, start, start + len(text))
    return None


def _hadolint_list(text: str, at: int, start: int) -> tuple[Name, ...]:
    """Comma-separated ids up to a `#`, which a reason follows."""
    end = text.find("#", at)
    items = _ITEM.finditer(text, at, end if end >= 0 else len(text))
    return tuple(Name(item[0], start + item.start(), start + item.end()) for item in items)


def _stackferry_list(text: str, at: int, start: int) -> tuple[Name, ...]:
    """Comma-separated ids; text after them without a comma is the reason."""
    listed = _LISTED.match(text, at)
    if listed is None:
        return ()
    words = _WORD.finditer(text, at, listed.end())
    return tuple(Name(word[0], start + word.start(), start + word.end()) for word in words)


def checked(value: str, start: int = 0) -> Said:
    """Parse the value of `# check=` (BuildKit's ParseLintOptions): options separated by semicolons.

    A value that BuildKit cannot parse has no effect, except that its problems are reported.
    """
    found = Said("check", FILE)
    at = 0
    for option in value.split(";", 2):
        key, equals, listed = option.partition("=")
        name, begin, end = key.strip(), start + at, start + at + len(option)
        at += len(option) + 1
        if not equals or name not in _OPTIONS:
            return _unreadable(
                f"{option.strip()!r} is not an option of check", "use skip=, error= or experimental=", begin, end
            )
        named = tuple(
            Name(item[0], end - len(listed) + item.start(), end - len(listed) + item.end())
            for item in _ITEM.finditer(listed)
        )
        if name == "error":
            flag = _FLAGS.get(listed.strip())
            if flag is None:
                return _unreadable(f"error must be true or false, not {listed.strip()}", "write error=true", begin, end)
            found = found._replace(error=flag)
        elif name == "skip":
            everything = listed.strip() == "all"
            found = found._replace(everything=everything, names=() if everything else named)
        else:
            found = found._replace(experimental=named)
    return found


_OPTIONS = ("skip", "error", "experimental")
_FLAGS = dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True) | dict.fromkeys(
    ("0", "f", "F", "false", "FALSE", "False"), False
)


def _unreadable(message: str, hint: str, start: int, end: int) -> Said:
    return Said("check", FILE, misread=(Misread(message, hint, start, end),))
