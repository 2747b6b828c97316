"""Helpers that make ShellCheck's input and the places of its answers, for tests."""

from collections.abc import Sequence

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.shellcheck.check import check
from stackferry.grammar.lint.shellcheck.manner import OWN, Manner
from stackferry.grammar.lint.shellcheck.remark import Remark
from stackferry.grammar.lint.shellcheck.submission import Submission, submissions
from tests.grammar.lint.making import facts


def asked(text: str, manner: Manner = OWN) -> list[Submission]:
    """The submissions of a Dockerfile."""
    return list(submissions(facts(text), manner))


def preludes(text: str, manner: Manner = OWN) -> list[str]:
    """Their preludes."""
    return [found.text.removesuffix(f"{found.script.text}\n") for found in asked(text, manner)]


def finding(submission: Submission, needle: str, code: str = "SC2086", level: str = "info") -> Remark:
    """A remark on a part of a text, as ShellCheck would place it: the first that is behind the prelude."""
    before = "".join(submission.text.splitlines(keepends=True)[: submission.lines])
    start = submission.text.index(needle, len(before))
    places = [_place(submission.text, start), _place(submission.text, start + len(needle))]
    return Remark(*places[0], *places[1], level, code, f"about {needle}")


def hits(text: str, *remarks: tuple[str, str], manner: Manner = OWN) -> list[Hit]:
    """The hits in a Dockerfile if ShellCheck says a code of each text that has a needle."""

    def ask(texts: Sequence[str]) -> dict[str, list[Remark]]:
        by_text = {found.text: found for found in asked(text, manner)}
        return {
            each: [finding(by_text[each], needle, code) for needle, code in remarks if needle in by_text[each].text]
            for each in texts
        }

    return list(check([facts(text)], ask, manner).hits[0])


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
