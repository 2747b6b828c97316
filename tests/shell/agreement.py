"""Compares our commands with the peer's: equal, or different in a known way."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from stackferry.grammar.shell import parse
from tests.shell.peer import ask

SAME, BOTH_REFUSE = "same", "both refuse"
UNKNOWN, OURS_REFUSES, PEER_REFUSES = "different", "only ours refuses", "only the peer refuses"

REFUSALS = {
    # what the peer says: why we do not
    r"`\)` without matching|matching `\(\(`|reached . without matching|reached EOF without|can only be used": (
        "`((a); b)` begins with two parentheses, which the peer always takes for arithmetic"
    ),
    r"arithmetic|expression|ternary|must follow a name|name like a\[i\]|LitWord|matching `\[`": (
        "it parses arithmetic and subscripts, in which we only look for expansions"
    ),
    r"here-document": "it wants the end of a heredoc, which in a RUN line the builder has",
    r"heredoc words": "it wants a plain terminator",
    r"arrays|array element|inline variables|must be followed by `=`": "it has stricter rules for arrays",
    r"test operator|close a test|`\[\[`|`\]\]`": "it parses the inside of `[[ ]]`",
    r"names or assignments|invalid var name": "it checks the arguments of export and declare",
    r"multiple times|statements must be separated|zsh feature": "it guesses at other shells",
    r"statement alone|by a name|by a literal|func name|a command can only": "it checks what we take as it comes",
}
"""By the peer's message. What only we refuse is not here: `else`, `()` and the like that bash refuses as well."""

PECULIAR = {
    r"[-=+\]]=\[": "it takes `-=[` for an assignment",
    r"(?:\$\w+|['\"`})])#": "the peer takes `#` in `($x#` for a comment; in bash it belongs to the word",
    r"#[^\n]*\\\r?\n": "it goes on with a comment behind a backslash; no shell does",
    r"\r": "it drops carriage returns",
}
"""By a regular expression for the script: why the two find different commands."""


def ours(text: str) -> tuple[bool, list[dict[str, Any]]]:
    """Whether we understood a script, and its commands in the peer's form."""
    script = parse(text)
    widths = [len(char.encode("utf-8", "replace")) for char in text]
    offsets = [0, *accumulate(widths)]
    found = []
    for command in script.commands:
        words = [[offsets[word.start], offsets[word.end]] for word in command.words]
        assigns = [[offsets[one.start], offsets[one.end]] for one in command.assignments]
        kind = "call"
        name = command.words[0].text if command.words else ""
        if name in ("[[", "let") and not assigns:
            kind, words = "test" if name == "[[" else "let", words[:1]
        if words or assigns:
            found.append({"kind": kind, "assigns": assigns, "words": words})
    return script.complete, found


def judged(text: str, answer: dict[str, Any]) -> str:
    """SAME, BOTH_REFUSE, or what differs."""
    complete, mine = ours(text)
    if answer["error"]:
        if not complete:
            return BOTH_REFUSE
        reasons = (why for message, why in REFUSALS.items() if re.search(message, answer["error"]))
        return f"{PEER_REFUSES}: {next(reasons, answer['error'])}"
    if not complete:
        return OURS_REFUSES
    theirs = [{**one, "assigns": one["assigns"] or [], "words": one["words"] or []} for one in answer["commands"] or []]
    if _alike(mine, text) == _alike(theirs, text):
        return SAME
    return next((why for pattern, why in PECULIAR.items() if re.search(pattern, text)), UNKNOWN)


def _alike(commands: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """The commands without the peculiarities of the peer's offsets.

    It ends a word behind a continued line that follows it, and `x+=` before the `=`; it begins a word in backquotes
    behind a backslash that these take away, and counts such backslashes unlike. It sorts redirections differently.
    """
    encoded = text.encode("utf-8", "replace")
    escapes = re.search(r"`[^`]*\\", text) is not None

    def span(start: int, end: int) -> list[int]:
        while encoded[end - 2 : end] == b"\\\n":
            end -= 2
        if encoded[end - 1 : end + 1] == b"+=":
            end += 1
        return [0, 0] if escapes else [start, end]

    alike = [
        {"kind": one["kind"], **{key: [span(*range_) for range_ in one[key]] for key in ("assigns", "words")}}
        for one in commands
    ]
    order = sorted(range(len(alike)), key=lambda at: min(commands[at]["assigns"][:1] + commands[at]["words"][:1]))
    return [alike[at] for at in order]


def compared(scripts: Sequence[str]) -> Counter[str]:
    """How often each judgement falls."""
    return Counter(judged(script, answer) for script, answer in zip(scripts, ask(scripts), strict=True))
