"""unused-pragma: Remove pragmas that suppress nothing.

What this one was written for is gone. It would hide the next finding, which nobody has thought about:

    # hadolint ignore=DL3008
    RUN apt-get install -y curl=7.88.1-10

Remove the id, or the whole comment if it has no other:

    RUN apt-get install -y curl=7.88.1-10

It may also never have covered the place: a pragma speaks of the instruction right below it, with no blank line between.

Only ids whose rules ran are judged. An id of ShellCheck in a run without ShellCheck is not called unused, nor is DL3008
where DL3008 is not selected.
"""

from collections.abc import Callable, Iterator

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.silencer import Silencer


def judge(silencer: Silencer, ran: Callable[[str], bool]) -> Iterator[Hit]:
    """A hit for each id that silenced nothing although its rules ran."""
    for name, why in silencer.unused(ran):
        message = f"{name.text} suppresses nothing here"
        yield Hit(name.start, name.end, f"{message}: {why}" if why else message, "remove it" if not why else "")
