"""Finds ShellCheck's hits in files; the function that runs the program is passed in.

Equal texts are submitted once, however many files contain them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.dockerfile.facts.build import Build
from stackferry.grammar.dockerfile.instruction import Instruction
from stackferry.grammar.lint.finding import SEVERITIES, Hit
from stackferry.grammar.lint.shellcheck.joining import OF_JOINING
from stackferry.grammar.lint.shellcheck.manner import Manner
from stackferry.grammar.lint.shellcheck.places import Places
from stackferry.grammar.lint.shellcheck.remark import Remark
from stackferry.grammar.lint.shellcheck.submission import Submission, submissions

if TYPE_CHECKING:
    from stackferry.grammar.lint.shellcheck.directives import Disabled

Ask = Callable[[Sequence[str]], Mapping[str, Sequence[Remark]]]
"""Maps distinct texts to ShellCheck's remarks on each; a text without an answer is left out."""


class Checked(NamedTuple):
    """The hits in each file, in the order of the files, and the scripts that got no answer."""

    hits: list[tuple[Hit, ...]]
    unanswered: tuple[Submission, ...]


def check(builds: Sequence[Build], ask: Ask, manner: Manner) -> Checked:
    """Check all scripts of all files. A hit's `id` and `severity` are ShellCheck's; a file's hits are in file order."""
    asked = [tuple(submissions(build, manner)) for build in builds]
    texts = tuple(dict.fromkeys(submission.text for some in asked for submission in some))
    answers = ask(texts) if texts else {}
    return Checked(
        [tuple(_file_hits(some, answers, manner)) for some in asked],
        tuple(submission for some in asked for submission in some if submission.text not in answers),
    )


def _file_hits(some: Sequence[Submission], answers: Mapping[str, Sequence[Remark]], manner: Manner) -> Iterator[Hit]:
    steps: dict[int, list[Hit]] = {}
    for submission in some:
        remarks = _spoken(submission, answers.get(submission.text, ()), manner)
        steps.setdefault(submission.script.step.index, []).extend(_hits(submission, remarks, manner))
    for hits in steps.values():
        hits.sort(key=_order)
        yield from hits if manner.every else hits[-1:]


_CARRIAGE_RETURN = "SC1017"


def _spoken(submission: Submission, remarks: Sequence[Remark], manner: Manner) -> Sequence[Remark]:
    """The remarks on the script, only the first of those on carriage returns: each line of a heredoc may have one.

    hadolint removes carriage returns when it reads a file, and so has no such remark.
    """
    found = [remark for remark in remarks if remark.line > submission.lines]
    returns = [remark for remark in found if remark.code == _CARRIAGE_RETURN]
    if returns:
        first = returns[:1] if manner.every else []
        found = [remark for remark in found if remark.code != _CARRIAGE_RETURN] + first
    return found


def _hits(submission: Submission, remarks: Sequence[Remark], manner: Manner) -> Iterator[Hit]:
    if not remarks:
        return
    step = submission.script.step
    silent = _silent(step.stage.build.dockerfile.instructions[step.index], manner)
    places = Places(submission)
    for remark in remarks:
        place = places.in_script(remark)
        if place is None or (remark.code in OF_JOINING and OF_JOINING[remark.code](submission.script.joined, *place)):
            continue
        start, end = places.in_source(*place)
        if not any(codes.covers(remark.code, start) for codes in silent):
            yield Hit(start, end, remark.message, severity=remark.level, id=remark.code)


def _silent(instruction: Instruction, manner: Manner) -> "tuple[Disabled, ...]":
    """What comments disable: those inside an instruction, and those above it, which hadolint ignores."""
    comments = (*instruction.above, *instruction.inside) if manner.every else instruction.inside
    if not any("shellcheck" in comment.text for comment in comments):
        return ()
    from stackferry.grammar.lint.shellcheck.directives import disabled

    return disabled(comments)


def _order(hit: Hit) -> tuple[int, int, int]:
    """ShellCheck's own order, which decides which remark is the last."""
    return hit.start, SEVERITIES.index(hit.severity), int(hit.id.removeprefix("SC"))
