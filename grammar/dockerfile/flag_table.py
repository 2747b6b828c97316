"""The flags of each instruction, and the values they accept (BuildKit's instructions/parse.go, bflag.go)."""

from collections.abc import Callable, Iterator, Mapping

from stackferry.grammar.dockerfile.instruction import Flag, Instruction, Problem
from stackferry.grammar.suggest import Suggestions

TEXT, BOOLEAN, TEXTS = "text", "boolean", "texts"
"""Kinds: a value; true or false, where a bare flag is true; a value of a flag that may be repeated."""

FLAGS: Mapping[str, Mapping[str, str]] = {
    "ADD": {
        **dict.fromkeys(("chown", "chmod", "checksum"), TEXT),
        **dict.fromkeys(("link", "keep-git-dir", "unpack"), BOOLEAN),
        "exclude": TEXTS,
    },
    "COPY": {
        **dict.fromkeys(("chown", "from", "chmod"), TEXT),
        **dict.fromkeys(("link", "parents"), BOOLEAN),
        "exclude": TEXTS,
    },
    "FROM": {"platform": TEXT},
    "HEALTHCHECK": dict.fromkeys(("interval", "timeout", "start-period", "start-interval", "retries"), TEXT),
    "RUN": {"mount": TEXTS, "network": TEXT, "security": TEXT, "device": TEXTS},
}

UNCHECKED = frozenset(("ARG", "STOPSIGNAL"))
"""BuildKit accepts any flag there and ignores it."""


def flag_problems(instruction: Instruction, suggestions: Suggestions) -> Iterator[Problem]:
    """The problems with an instruction's flags. `suggestions` are the file's."""
    if not instruction.flags or instruction.keyword in UNCHECKED:
        return
    known = FLAGS.get(instruction.keyword, {})
    if instruction.keyword == "HEALTHCHECK" and instruction.words and instruction.words[0].text.upper() == "NONE":
        return
    seen: set[str] = set()
    for flag in instruction.flags:
        kind = known.get(flag.name)
        if kind is None:
            yield _problem(
                flag, f"unknown flag: --{flag.name}", _meant(flag.name, known, instruction.keyword, suggestions)
            )
            continue
        if flag.name in seen and kind != TEXTS:
            yield _problem(flag, f"duplicate flag specified: --{flag.name}", "remove one of them")
        seen.add(flag.name)
        if wrong := _WRONG[kind](flag):
            yield _problem(flag, *wrong)


def _problem(flag: Flag, message: str, hint: str) -> Problem:
    return Problem("invalid-flag", message, flag.word.start, flag.word.end, hint)


def _meant(name: str, known: Mapping[str, str], keyword: str, suggestions: Suggestions) -> str:
    if not known:
        return f"{keyword} takes no flags"
    return suggestions.did_you_mean(name, known) or f"{keyword} takes {', '.join(f'--{flag}' for flag in known)}"


def _text(flag: Flag) -> tuple[str, str] | None:
    if flag.value is None:
        return f"missing a value on flag: --{flag.name}", f"write --{flag.name}=VALUE"
    return None


def _boolean(flag: Flag) -> tuple[str, str] | None:
    if flag.value is None or flag.value.lower() in ("true", "false"):
        return None
    if not flag.value:
        return _text(flag._replace(value=None))
    return f"expecting boolean value for flag --{flag.name}, not: {flag.value}", "write true or false"


_WRONG: Mapping[str, Callable[[Flag], tuple[str, str] | None]] = {TEXT: _text, BOOLEAN: _boolean, TEXTS: _text}
