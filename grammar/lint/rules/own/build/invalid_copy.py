"""invalid-copy: Give COPY and ADD valid sources and modes.

COPY reads the build context or a stage, never an URL; a mode is octal or symbolic; a checksum is that of one URL.

    FROM debian:12
    COPY https://example.com/app.tar.gz /src/
    COPY --chmod=999 run.sh /

    FROM debian:12
    ADD https://example.com/app.tar.gz /src/
    COPY --chmod=755 run.sh /

A Git repository may have a query (`?branch=main`), of names and values that the builder knows and that agree.
With `--link`, the owner of `--chown` has to be numbers, for there is no list of users to look in. Values that are not
known are not judged.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.filled import filled
from stackferry.grammar.dockerfile.facts.git_reference import git_reference
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.git_reference import GitReference
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings

_HTTP = regex(r"https?://")
_DIGEST = regex(r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}")
_MODE = regex(r"[ugoa]*([-+=]([rwxXst]*|[ugo]))+(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*")
_HIGHEST = 0o7777


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """What BuildKit's dispatchCopy refuses."""
    for step in file.steps("ADD", "COPY"):
        if step.onbuild:
            continue
        instruction = step.instruction
        for flag in instruction.flags:
            value = filled(step, flag.value or "") or ""
            wrong = _FLAGS[flag.name](step, value) if value and flag.name in _FLAGS else ""
            if wrong:
                yield Hit(flag.word.start, flag.word.end, wrong, "")
        for word in instruction.words[:-1]:
            value = filled(step, word.text) or ""
            git = git_reference(value)
            if git is not None and git.wrong:
                yield Hit(word.start, word.end, f"{value} is not a valid Git repository: {git.wrong}", "")
            elif step.keyword == "COPY" and (_HTTP.match(value) if git is None else not git.local):
                yield Hit(word.start, word.end, f"COPY cannot copy from {value}", "write ADD")
            elif git is not None and not git.local and _keeps_otherwise(step, git):
                yield Hit(
                    word.start, word.end, "--keep-git-dir contradicts keep-git-dir= in the source", "remove one of them"
                )


def _keeps_otherwise(step: "Step", git: "GitReference") -> bool:
    flag = step.instruction.flag("keep-git-dir")
    return flag is not None and git.keep is not None and git.keep != ((flag.value or "true").lower() == "true")


def _mode(step: "Step", value: str) -> str:
    if value.isdecimal():
        if set(value) <= set("01234567") and int(value, 8) <= _HIGHEST:
            return ""
    elif _MODE.fullmatch(value):
        return ""
    return f"{value} is not a mode: write octal digits, such as 755"


def _owner(step: "Step", value: str) -> str:
    link = step.instruction.flag("link")
    if link is None or link.value == "false" or all(part.isdecimal() for part in value.split(":") if part):
        return ""
    return f"with --link the owner must be a number, not {value}"


def _checksum(step: "Step", value: str) -> str:
    sources = step.instruction.words[:-1]
    if len(sources) != 1:
        return "--checksum only works with one source"
    source = filled(step, sources[0].text)
    git = None if source is None else git_reference(source)
    if source is None or (git is not None and git.wrong):
        return ""
    if git is not None:
        other = git.checksum and git.checksum != value and not git.local
        return f"the source specifies another checksum: {git.checksum}" if other else ""
    if _HTTP.match(source):
        return (
            ""
            if _DIGEST.fullmatch(value)
            else f"{value} is not a checksum: write sha256: followed by 64 hexadecimal digits"
        )
    return f"--checksum requires a URL, and {source} is not one"


_FLAGS: "dict[str, Callable[[Step, str], str]]" = {"chmod": _mode, "chown": _owner, "checksum": _checksum}
