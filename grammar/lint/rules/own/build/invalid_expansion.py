"""invalid-expansion: Write variables in a form that a build can expand.

A build knows fewer forms than a shell, and fails where a variable must be set and is not.

    FROM debian:12
    ENV NAME=${FIRST:?is not set} SHORT=${NAME^^}

    FROM debian:12
    ARG FIRST=me
    ENV NAME=${FIRST:?is not set} SHORT=${NAME#prefix-}

The forms are `${name}` with `-`, `+`, `?`, each also after `:`, and `#`, `%`, `/` with a pattern. In RUN and CMD it is
the shell that fills in. A variable that a build argument or the base image may set counts as set.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.expand import ExpansionError, expand
from stackferry.grammar.dockerfile.facts.filled import KEYWORDS, Text, environment, texts
from stackferry.grammar.dockerfile.facts.scope import PLATFORM
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_LAST = 1 << 60
_LONGEST = 60
_AT_END = "unsupported modifier (\ufffd) in substitution"


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Words whose expansion fails (BuildKit's shell.Lex)."""
    escape = file.dockerfile.escape
    # An ARG sees those before it, also of its own instruction.
    given: dict[str, str | None] = dict.fromkeys(PLATFORM)
    for instruction in file.arguments:
        for pair in instruction.pairs:
            if pair.value is not None:
                yield from _tried(Text(pair.value.text, pair.value.start, pair.value.end), given, escape)
            given[pair.name.text] = file.globals.view(_LAST).get(pair.name.text)
    for stage in file.stages:
        for word in stage.instruction.words[:1]:
            yield from _tried(Text(word.text, word.start, word.end), given, escape)
        for flag in stage.instruction.flags_named("platform")[-1:]:
            yield from _tried(Text(flag.value or "", flag.word.start, flag.word.end), given, escape)
        for step in stage.steps:
            if step.keyword in KEYWORDS and not step.onbuild:
                variables = environment(step, after=step.keyword == "ARG")
                for text in texts(step):
                    yield from _tried(text, variables, "\\" if text.raw else escape)


def _tried(text: Text, variables: "Mapping[str, str | None]", escape: str) -> Iterator[Hit]:
    try:
        expand(text.text, variables, escape, skip_process_quotes=text.raw)
    except ExpansionError as error:
        shown = text.text if len(text.text) < _LONGEST and not text.raw else "this text"
        why = error.message.replace(_AT_END, "'}' is missing")
        yield Hit(text.start, text.end, f"a build cannot expand {shown}: {why}", "")
