"""Expands variables as a build does, for rules about texts that it would refuse: a name that nothing sets is empty.

`Step.expanded` treats such a name as unknown, because the base image may set it. That also decides whether a build
refuses a text: this is certain only if the image is known to set little.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.dockerfile.expand import ExpansionError, expand
from stackferry.grammar.dockerfile.facts.base_environment import may_set
from stackferry.grammar.dockerfile.facts.uses import documents_of

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.scope import View
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.dockerfile.instruction import Word

KEYWORDS = ("ADD", "ARG", "COPY", "ENV", "EXPOSE", "LABEL", "RUN", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR")
"""Instructions in which a build expands variables."""

_FLAGS = {"ADD": ("chown", "chmod", "checksum"), "COPY": ("chown", "chmod")}
_LAST = 1 << 60


class Text(NamedTuple):
    """A text whose variables a build expands: a range of the source; `raw` is a heredoc's body with plain quotes."""

    text: str
    start: int
    end: int
    raw: bool = False


class Environment(dict[str, "str | None"]):
    """The variables of a step; a variable that only the base image could set has an unknown value."""

    def __init__(self, view: "View", reference: str | None) -> None:
        super().__init__()
        self._view = view
        self._reference = reference

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._view or may_set(self._reference, name))

    def get(self, name: str, default: "str | None" = None) -> "str | None":  # type: ignore[override]
        """The value; None if it is not known."""
        return self._view.get(name) if name in self._view else None if name in self else default


def environment(step: "Step", *, after: bool = False) -> Environment:
    """The variables of a step; `after`: with those that it sets itself, as later values of one ARG see them."""
    scope = step.stage.scope
    return Environment(scope.view(step.index + after), step.stage.root.image)


def filled(step: "Step", text: str) -> str | None:
    """A text as the build of the step expands it; None if that is not known, or if the build cannot parse it."""
    try:
        return expand(text, environment(step), step.stage.build.dockerfile.escape).value
    except ExpansionError:
        return None


def filled_in_from(file: "Build", text: str) -> str | None:
    """A text in a FROM, expanded; None as for `filled`. Only ARG before the first FROM counts, so all is known."""
    try:
        return expand(text, file.globals.view(_LAST), file.dockerfile.escape).value
    except ExpansionError:
        return None


def texts(step: "Step") -> Iterator[Text]:
    """The texts of a step in which a build expands variables, in source order."""
    yield from _of_flags(step)
    if step.keyword in ("ARG", "ENV", "LABEL"):
        for pair in step.instruction.pairs:
            for word in (pair.value,) if step.keyword == "ARG" else (pair.name, pair.value):
                if word is not None:
                    yield _text(word)
    elif step.keyword != "RUN":
        yield from _of_words(step)


def _of_flags(step: "Step") -> Iterator[Text]:
    for flag in step.instruction.flags:
        if flag.value and flag.name in _FLAGS.get(step.keyword, ()):
            yield Text(flag.value, flag.word.start, flag.word.end)
        elif flag.value and flag.name == "mount":
            for field in flag.value.split(","):
                # The only value without variables: the stage has to be known before the build.
                if not field.startswith("from="):
                    yield Text(field.partition("=")[2], flag.word.start, flag.word.end)


def _of_words(step: "Step") -> Iterator[Text]:
    documents = documents_of(step.instruction)
    for word in step.instruction.words:
        if word.at not in documents:
            yield _text(word)
    for heredoc in documents.values():
        if heredoc.expand:
            body = step.stage.build.source.text[heredoc.start : heredoc.end]
            yield Text(body, heredoc.start, heredoc.end, raw=True)


def _text(word: "Word") -> Text:
    return Text(word.text, word.start, word.end)
