"""The labels of a file against the label schema of the configuration: what DL3049 to DL3058 share."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.dockerfile.instruction import Pair, Word
    from stackferry.grammar.lint.settings import Settings


def labels(file: "Build") -> Iterator[tuple["Step", "Pair", str]]:
    """Every label whose key is known, with its key. Those that triggers of ONBUILD set are another image's."""
    for step in file.steps("LABEL"):
        if step.onbuild:
            continue
        for pair in step.instruction.pairs:
            key = step.expanded(pair.name.text)
            if key:
                yield step, pair, key


def values(file: "Build", settings: "Settings", *kinds: str) -> Iterator[tuple[str, str, "Word"]]:
    """Labels that the schema gives one of some types, of any if none is named: key, value, and what to mark.

    A value that is not known is left out.
    """
    schema = settings.label_schema
    if not schema or (kinds and not any(kind in kinds for kind in schema.values())):
        return
    for step, pair, key in labels(file):
        kind = schema.get(key)
        if kind is None or (kinds and kind not in kinds) or pair.value is None:
            continue
        value = step.expanded(pair.value.text)
        if value is not None:
            yield key, value, pair.value if pair.value.text else pair.name


def mismatched(
    file: "Build", settings: "Settings", kind: str, pattern: re.Pattern[str], wanted: str, hint: str
) -> Iterator[Hit]:
    """A hit for every value of a type that a pattern does not match as a whole."""
    for key, value, word in values(file, settings, kind):
        if not pattern.fullmatch(value):
            yield Hit(word.start, word.end, f"the label {key} is not {wanted}", hint)
