"""Finds the mistake behind a syntax error: the one that, once mended, lets YAML be read further.

libyaml says where it stopped, which may be lines after the mistake. So the lines up to there are searched for typing
mistakes (`KINDS`, the likeliest first). A suspect is mended and the text read again: if the reader gets further,
this was the mistake, and mending it is the hint. `syntax_error.py` calls this, and only after an error.
"""

from collections.abc import Callable, Iterable, Iterator

from stackferry.grammar.compose.tree.repair import foreign, layout, letters, quotes
from stackferry.grammar.compose.tree.repair.mistake import ABOVE, Kind, Mistake, Place, Problem, Suspect

KINDS: tuple[Kind, ...] = (
    *(letters.tabs, letters.odd_blanks, letters.odd_quotes, letters.odd_marks),
    *(foreign.conflict, foreign.fence, foreign.comment),
    *(quotes.escape, quotes.tag, quotes.inner_quote, quotes.after_value, quotes.first_letter),
    *(
        layout.colon,
        layout.dash,
        quotes.open_quote,
        layout.bracket,
        layout.closing,
        layout.comma,
        layout.block_text,
        layout.item_or_pair,
        layout.no_colon,
        layout.dash_after_key,
    ),
    *(
        layout.first_line,
        layout.below_an_item,
        layout.indentation,
        layout.no_dash,
        quotes.colon_in_value,
    ),
)
"""The kinds of mistakes, the likeliest first."""
EFFORT = 1_000_000
"""Characters that are read again for one error: about a second."""
LONGEST_LINE = 2_000
"""Longest line that is examined, in characters: nobody types longer ones."""
_TOGETHER = 10
"""Mistakes of a kind that are mended together."""

Reached = Callable[[str], Place | None]
"""Where reading a text stops; None: at its end."""


def find_mistake(text: str, problem: Problem, reached: Reached) -> Mistake | None:
    """The mistake behind a problem; None if no kind of mistake explains it."""
    tries = EFFORT // (len(text) + 1)
    lines = text.split("\n") if tries else []
    for suspects in _tries(lines, problem):
        if tries <= 0:
            return None
        tries -= 1
        stopped = reached(_mended(lines, suspects))
        if stopped is None or stopped.line > problem.place.line:
            last = suspects[-1]
            return Mistake(last.told or Place(last.line, last.column), last.message, last.hint)
    return None


def _tries(lines: list[str], problem: Problem) -> Iterator[list[Suspect]]:
    """For each kind, single suspects first, the nearest first; then several, as people repeat their mistakes."""
    nearest = min(problem.place.line, len(lines) - 1)
    numbers = [one for one in range(nearest, max(nearest - ABOVE, -1), -1) if len(lines[one]) <= LONGEST_LINE]
    for kind in KINDS:
        found = [one for number in numbers for one in kind(lines, number, problem)]
        yield from ([one] for one in found)
        first = list({one.line: one for one in reversed(found)}.values())[::-1][:_TOGETHER]
        yield from (first[:count] for count in range(2, len(first) + 1))


def _mended(lines: list[str], suspects: Iterable[Suspect]) -> str:
    mended = {one.line: one.mended for one in suspects}
    return "\n".join(mended.get(number, line) for number, line in enumerate(lines))
