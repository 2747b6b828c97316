"""Expands variables in a word: to the value in a build, or to what the linter can know of it.

Entry to `grammar/dockerfile/expansion`, for facts, rules and back ends. Source: BuildKit's
`frontend/dockerfile/shell/lex.go` (`ProcessWord`, `ProcessWords`).
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from stackferry.grammar.dockerfile.expansion.error import ExpansionError
from stackferry.grammar.dockerfile.expansion.evaluate import Chunk, Evaluation, Lookup, Piece, Use, joined
from stackferry.grammar.dockerfile.expansion.scan import Scan
from stackferry.grammar.dockerfile.expansion.token import SPACES
from stackferry.grammar.dockerfile.source import BOM

__all__ = ["Expansion", "ExpansionError", "Use", "expand", "process_word", "process_words"]

_LARGEST = 8_192
"""Longest value for the linter, in characters: `ENV A=$A$A` thirty times must not fill the memory."""
_RUN = f"[^{SPACES}]+"
_DEFAULTS = ("-", ":-", "+", ":+")


class Expansion(NamedTuple):
    """What is known of an expanded word.

    `value` is None if it depends on an unknown value, or is too long for the linter. `used` are all uses of
    variables in order, including those in operands that are not taken. `unset` are uses of unset names
    without `-` or `+`, which would handle that; BuildKit's UndefinedVar (v0.34) reports those as well.
    """

    value: str | None
    used: tuple[Use, ...]
    unset: tuple[Use, ...]


def process_word(
    text: str,
    env: Mapping[str, str],
    escape: str = "\\",
    *,
    raw_quotes: bool = False,
    raw_escapes: bool = False,
    skip_unset_env: bool = False,
    skip_process_quotes: bool = False,
    ignore_case: bool = False,
) -> str:
    """A text with variables replaced and quotes removed; white space stays. ExpansionError if a build would fail.

    `raw_quotes`, `raw_escapes`: keep them. `skip_unset_env`: a use of an unset variable stays as it is.
    `skip_process_quotes`: quotes are ordinary characters. `ignore_case`: names as on a Windows builder.
    """
    if _is_plain(text, escape):
        return text.removeprefix(BOM)
    scan = Scan(text, escape, raw_quotes, raw_escapes, skip_process_quotes)
    evaluation = Evaluation(scan, _lookup(env, ignore_case), skip_unset_env, sys.maxsize)
    return joined(piece for pieces, _, _ in evaluation for piece in pieces) or ""


def process_words(
    text: str,
    env: Mapping[str, str],
    escape: str = "\\",
    *,
    raw_quotes: bool = False,
    raw_escapes: bool = False,
    skip_unset_env: bool = False,
    skip_process_quotes: bool = False,
    ignore_case: bool = False,
) -> list[str]:
    """The words of a text after its variables are replaced: values are split too, unless quoted.

    As in BuildKit, text directly before an operand is lost (`a${v:-b}` is `b`): its scanner has one buffer
    for the word and the operand.
    """
    scan = Scan(text, escape, raw_quotes, raw_escapes, skip_process_quotes)
    evaluation = Evaluation(scan, _lookup(env, ignore_case), skip_unset_env, sys.maxsize)
    return [joined(pieces) or "" for pieces in split(evaluation)]


def split(chunks: Iterable[Chunk]) -> Iterator[list[Piece]]:
    """Yield the words of the chunks, each as its pieces, with their offsets in the text."""
    word: list[Piece] = []
    for pieces, splits, nested in chunks:
        if nested:
            word = []
        if not splits:
            word += [piece for piece in pieces if piece[0]]
            continue
        for value, start in pieces:
            at = 0
            for run in re.finditer(_RUN, value or ""):
                if run.start() > at and word:
                    yield word
                    word = []
                word.append((run[0], start + run.start()))
                at = run.end()
            if at < len(value or "") and word:
                yield word
                word = []
    if word:
        yield word


def expand(
    text: str,
    known: Mapping[str, str | None],
    escape: str = "\\",
    *,
    skip_process_quotes: bool = False,
    ignore_case: bool = False,
) -> Expansion:
    """Expand a word as far as possible; a value in `known` is None for a variable set to an unknown value.

    ExpansionError if a build would fail whatever the unknown values are. Offsets are those of `text`.
    """
    if _is_plain(text, escape):
        return Expansion(text.removeprefix(BOM), (), ())
    lookup = _lookup(known, ignore_case)
    scan = Scan(text, escape, False, False, skip_process_quotes)
    evaluation = Evaluation(scan, lookup, False, _LARGEST)
    pieces = [piece for chunk in evaluation for piece in chunk[0]]
    used = tuple(sorted(map(Use._make, evaluation.uses), key=_start))
    unset = tuple(use for use in used if use.operator not in _DEFAULTS and not lookup(use.name)[0])
    return Expansion(joined(pieces), used, unset)


def _start(use: Use) -> int:
    return use.start


def _is_plain(text: str, escape: str) -> bool:
    """Whether a text has no special characters."""
    return not ("$" in text or '"' in text or "'" in text or escape in text)


def _lookup(env: Mapping[str, str | None], ignore_case: bool) -> Lookup:
    if not ignore_case:
        return lambda name: (name in env, env.get(name, ""))
    upper = {_upper(name): value for name, value in env.items()}
    return lambda name: (_upper(name) in upper, upper.get(_upper(name), ""))


def _upper(name: str) -> str:
    """A name in upper case, character by character as in Go: `ß` stays."""
    return name.upper() if name.isascii() else "".join(c.upper() if len(c.upper()) == 1 else c for c in name)
