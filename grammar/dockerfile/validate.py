"""Errors that a builder finds in a single instruction: the table of BuildKit's instructions/parse.go. Last step.

Messages are BuildKit's in substance; the hint says what to write. Errors that need the whole build (stages, mounts,
variables) are not found here.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from stackferry.grammar.dockerfile.arguments import READERS
from stackferry.grammar.dockerfile.flag_table import flag_problems
from stackferry.grammar.dockerfile.instruction import Instruction, Problem, Word
from stackferry.grammar.regex import regex
from stackferry.grammar.suggest import Suggestions

_STAGE_NAME = regex(r"[a-z][a-z0-9\-_.]*\Z")
_DURATION = regex(r"[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)\Z")
_NOT_TRIGGERS = frozenset(("FROM", "MAINTAINER", "ONBUILD"))
_TO_NANOSECONDS = {"ns": 1.0, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 6e10, "h": 3.6e12}

Found = Iterator[Problem]


def problems_of(instruction: Instruction, suggestions: Suggestions) -> tuple[Problem, ...]:
    """All problems of an instruction beyond those found while reading it. `suggestions` are the file's."""
    if instruction.keyword not in READERS:
        return (_unknown(instruction, suggestions),)
    trigger = instruction.trigger.problems if instruction.trigger is not None else ()
    if instruction.problems:
        # It could not be parsed: reporting missing parts would be a second message for the same mistake.
        return trigger
    check = _CHECKS.get(instruction.keyword)
    found = [*(check(instruction) if check else ()), *flag_problems(instruction, suggestions)]
    return (*found, *trigger)


def _unknown(instruction: Instruction, suggestions: Suggestions) -> Problem:
    word = instruction.word
    hint = (
        suggestions.did_you_mean(instruction.keyword, READERS)
        or "if this line continues the one above, end that line with \\"
    )
    return Problem("unknown-instruction", f"unknown instruction: {word.text}", word.start, word.end, hint)


def _problem(code: str, message: str, word: Word, hint: str) -> Problem:
    return Problem(code, message, word.start, word.end, hint)


def _needs(least: int, message: str, hint: str) -> Callable[[Instruction], Found]:
    def check(instruction: Instruction) -> Found:
        if len(instruction.words) < least:
            text = message.format(keyword=instruction.keyword)
            yield _problem("missing-arguments", text, instruction.word, hint)

    return check


def _from(instruction: Instruction) -> Found:
    words = instruction.words
    if len(words) == 3 and words[1].text.lower() == "as":
        if not _STAGE_NAME.match(words[2].text.lower()):
            yield _problem(
                "invalid-stage-name",
                f"invalid name for build stage: {words[2].text!r}",
                words[2],
                "start with a letter, then use only letters, digits, '-', '_' and '.'",
            )
    elif len(words) != 1:
        place = words[1] if len(words) > 1 else instruction.word
        message = "FROM requires either one or three arguments"
        yield _problem("invalid-arguments", message, place, "write FROM image, or FROM image AS name")


def _pairs(instruction: Instruction) -> Found:
    if not instruction.pairs:
        message = f"{instruction.keyword} requires at least one argument"
        yield _problem("missing-arguments", message, instruction.word, f"write {instruction.keyword} name=value")
    for pair in instruction.pairs:
        if not pair.name.text:
            yield _problem(
                "invalid-arguments",
                f"{instruction.keyword} names can not be blank",
                pair.value or pair.name,
                "write name=value",
            )


def _sources(instruction: Instruction) -> Found:
    words = instruction.words
    if len(words) < 2:
        message = f"{instruction.keyword} requires at least two arguments"
        yield _problem("missing-arguments", message, instruction.word, "give the sources, then the destination")
    elif "<<" in words[-1].text and any(heredoc.word.at == words[-1].at for heredoc in instruction.heredocs):
        message = f"{instruction.keyword} cannot accept a heredoc as a destination"
        yield _problem("invalid-arguments", message, words[-1], "give the destination after the heredoc")


def _onbuild(instruction: Instruction) -> Found:
    trigger = instruction.trigger
    if trigger is None:
        message = "ONBUILD requires at least one argument"
        yield _problem("missing-arguments", message, instruction.word, "write the instruction to run later")
    elif trigger.keyword in _NOT_TRIGGERS:
        message = f"{trigger.keyword} isn't allowed as an ONBUILD trigger"
        yield _problem("invalid-onbuild-trigger", message, trigger.word, "use another instruction as the trigger")


def _health(instruction: Instruction) -> Found:
    words = instruction.words
    if not words:
        message = "HEALTHCHECK requires at least one argument"
        yield _problem("missing-arguments", message, instruction.word, "write HEALTHCHECK CMD command, or NONE")
        return
    kind = words[0].text.upper()
    if kind == "NONE":
        if len(words) > 1:
            yield _problem("invalid-arguments", "HEALTHCHECK NONE takes no arguments", words[-1], "remove them")
        return
    if kind != "CMD":
        message = f"unknown type {words[0].text!r} in HEALTHCHECK (try CMD)"
        yield _problem("invalid-arguments", message, words[0], "write HEALTHCHECK CMD command, or NONE")
        return
    if len(words) == 1:
        message = "missing command after HEALTHCHECK CMD"
        yield _problem("missing-arguments", message, words[0], "write the command that checks the container's health")
    for flag in instruction.flags:
        if flag.name in ("interval", "timeout", "start-period", "start-interval"):
            yield from _duration(flag.name, flag.value, flag.word)
        elif flag.name == "retries" and flag.value and not re.fullmatch(r"[-+]?\d{1,10}", flag.value):
            yield _problem(
                "invalid-flag", f"--retries is not a whole number: {flag.value}", flag.word, "write --retries=3"
            )
        elif flag.name == "retries" and flag.value and not 0 <= int(flag.value) < 1 << 31:
            yield _problem("invalid-flag", f"--retries cannot be {flag.value}", flag.word, "write --retries=3")


def _duration(name: str, value: str | None, word: Word) -> Found:
    if not value:
        return
    if not _DURATION.match(value):
        yield _problem("invalid-flag", f"--{name} is not a duration: {value}", word, "write 30s or 1m30s")
        return
    parts = re.findall(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", value)
    length = sum(float(number) * _TO_NANOSECONDS[unit] for number, unit in parts)
    if length and (length < 1e6 or value.startswith("-")):
        yield _problem("invalid-flag", f"--{name} cannot be less than 1ms", word, "write 30s or 1m30s")


def _volume(instruction: Instruction) -> Found:
    yield from _needs(1, "{keyword} requires at least one argument", "give the path of the folder")(instruction)
    for found in instruction.words:
        if not found.text.strip():
            yield _problem(
                "invalid-arguments", "VOLUME specified can not be an empty string", found, "give the path of the folder"
            )


def _shell(instruction: Instruction) -> Found:
    if not instruction.words:
        message = "SHELL requires at least one argument"
        yield _problem("missing-arguments", message, instruction.word, 'write SHELL ["/bin/bash", "-c"]')
    elif instruction.json is None:
        message = "SHELL requires the arguments to be in JSON form"
        yield _problem("invalid-json-form", message, instruction.arguments, 'write SHELL ["/bin/bash", "-c"]')


def _run(instruction: Instruction) -> Found:
    for flag in instruction.flags_named("network"):
        if flag.value and flag.value.lower() not in ("default", "none", "host"):
            message = f"network mode {flag.value!r} is not supported"
            yield _problem("invalid-flag", message, flag.word, "write default, none or host")
    for flag in instruction.flags_named("security"):
        if flag.value is not None and flag.value.lower() not in ("sandbox", "insecure"):
            message = f"security {flag.value!r} is not supported"
            yield _problem("invalid-flag", message, flag.word, "write sandbox or insecure")


_EXACTLY_ONE = "{keyword} requires exactly one argument"
_CHECKS: Mapping[str, Callable[[Instruction], Found]] = {
    "ADD": _sources,
    "ARG": _pairs,
    "COPY": _sources,
    "ENV": _pairs,
    "EXPOSE": _needs(1, "{keyword} requires at least one argument", "give the port"),
    "FROM": _from,
    "HEALTHCHECK": _health,
    "LABEL": _pairs,
    "MAINTAINER": _needs(1, _EXACTLY_ONE, "or remove it: MAINTAINER is deprecated"),
    "ONBUILD": _onbuild,
    "RUN": _run,
    "SHELL": _shell,
    "STOPSIGNAL": _needs(1, _EXACTLY_ONE, "give the signal"),
    "USER": _needs(1, _EXACTLY_ONE, "give the user"),
    "VOLUME": _volume,
    "WORKDIR": _needs(1, _EXACTLY_ONE, "give the path of the folder"),
}
