"""A pragma ignores a rule that finds nothing there.

    # hadolint ignore=DL3008
    RUN apt-get install -y curl=7.88.1

What it was written for is gone, or it never covered the place: a blank line stands between it and its instruction, or
the finding is in another instruction. It would hide the next finding that nobody has thought about.

Only ids whose rules ran are judged. An id of ShellCheck in a run without ShellCheck, or DL3008 where DL3008 is not
selected, is not called unused.

Remove the id, or the whole comment if it has no other.
"""

from collections.abc import Callable, Iterator

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.pragmas import Silencer


def judge(silencer: Silencer, ran: Callable[[str], bool]) -> Iterator[Hit]:
    """A hit for each id that silenced nothing although its rules ran."""
    for name, why in silencer.unused(ran):
        message = f"nothing here is silenced by {name.text}"
        yield Hit(name.start, name.end, f"{message}: {why}" if why else message, "remove it" if not why else "")
