"""ShellCheck's findings beside those of hadolint, as a report: `python …/agreement.py [FILE…]`.

A finding is a code in a RUN. hadolint shows one of each RUN, so that what we have beside it in the same RUN says
nothing; what only one side has otherwise is listed with its reason, if one is known.
"""

import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[4]))

from stackferry.grammar.dockerfile.facts.build import Build, build
from stackferry.grammar.dockerfile.facts.step import Step
from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import encoded
from stackferry.grammar.lint.shellcheck.manner import HADOLINT, OWN, Manner
from stackferry.grammar.lint.shellcheck.submission import submissions
from stackferry.lint.shellcheck.cache import Cache, default_folder
from stackferry.lint.shellcheck.program import find
from stackferry.lint.shellcheck.run import ShellCheck
from tests.conformance.lint.hadolint import check
from tests.grammar.dockerfile.making import DOCKERFILES, read


class Found(NamedTuple):
    """A code in a RUN of a file."""

    file: int
    line: int
    code: str


class Agreement(NamedTuple):
    """How far both agree over some files; `reasons` are those of the differences, `ours` and `theirs` what is left."""

    manner: Manner
    same: int
    reasons: Counter[tuple[str, str]]
    ours: list[str]
    theirs: list[str]

    @property
    def share(self) -> float:
        """Of the findings of both sides, differences with a reason left out, the share that both have."""
        return self.same / (self.same + len(self.ours) + len(self.theirs))


def hadolint(builds: Sequence[Build]) -> tuple[set[Found], set[int]]:
    """What hadolint finds, and the files that it cannot read."""
    verdicts = check(encoded(file.source.text) for file in builds)
    found = {
        Found(number, one.line, one.rule)
        for number, verdict in enumerate(verdicts)
        for one in verdict.findings
        if one.rule.startswith("SC")
    }
    return found, {number for number, verdict in enumerate(verdicts) if verdict.refused}


def agreement(builds: Sequence[Build], theirs: set[Found], refused: set[int], manner: Manner) -> Agreement:
    """Both sides over some files, those that hadolint cannot read left out."""
    cache = Cache(default_folder(os.environ), time.time())
    shellcheck = ShellCheck(find(os.environ), cache, os.environ, manner)
    ours = {
        Found(number, file.source.position(_instruction(file, hit.start).start).line, hit.id)
        for number, (file, hits) in enumerate(zip(builds, shellcheck(builds), strict=True))
        for hit in hits
        if number not in refused
    }
    assert shellcheck.notes == []
    reasons: Counter[tuple[str, str]] = Counter()
    left: dict[bool, list[str]] = {True: [], False: []}
    runs = {finding[:2] for finding in theirs}
    checked = {(number, _line(found.script.step)) for number, file in enumerate(builds) for found in asked(file)}
    steps = {(number, _line(step)): step for number, file in enumerate(builds) for step in file.steps("RUN")}
    for finding in sorted(ours ^ theirs):
        mine = finding in ours
        step = steps[finding[:2]]
        reason = _ours(finding, step, runs, manner) if mine else _theirs(finding, step, checked)
        if reason:
            reasons[finding.code, reason] += 1
        else:
            left[mine].append(f"{step.stage.build.source.path}:{finding.line} {finding.code}")
    return Agreement(manner, len(ours & theirs), reasons, left[True], left[False])


def asked(file: Build) -> Iterator:
    """What ShellCheck is asked about in a file."""
    return submissions(file, OWN)


def _ours(found: Found, step: Step, runs: set[tuple[int, int]], manner: Manner) -> str:
    if found[:2] in runs:
        return "hadolint shows another one of this RUN, and only one"
    if manner.values and found.code == "SC2086":
        return "the value of the variable is not known, or splits; for hadolint it is 1"
    return ""


def _theirs(found: Found, step: Step, checked: set[tuple[int, int]]) -> str:
    if found[:2] not in checked:
        return "it is for cmd or PowerShell"
    if step.shell.dialect == "ash" and found.code.startswith("SC30"):
        return "busybox's ash knows it"
    return ""


def _instruction(file: Build, offset: int):
    return next(one for one in file.dockerfile.instructions if one.start <= offset <= one.end)


def _line(step: Step) -> int:
    file = step.stage.build
    return file.source.position(file.dockerfile.instructions[step.index].start).line


def report(paths: Sequence[Path]) -> Iterator[str]:
    """The report, line by line."""
    builds = [build(parse(read(path))) for path in paths]
    theirs, refused = hadolint(builds)
    yield f"{len(builds)} files, {len(refused)} of which hadolint cannot read; it finds something in {len(theirs)} RUN"
    for name, manner in (("HADOLINT", HADOLINT), ("HADOLINT, every", HADOLINT._replace(every=True)), ("OWN", OWN)):
        found = agreement(builds, theirs, refused, manner)
        yield f"\n{name}: {found.same} the same, {found.share:.1%} but for differences with a reason"
        grouped: dict[str, list[str]] = defaultdict(list)
        for (code, reason), number in sorted(found.reasons.items()):
            grouped[reason].append(f"{number} {code}")
        for reason, codes in grouped.items():
            yield f"  {', '.join(codes)}: {reason}"
        for side, some in (("only we", found.ours), ("only hadolint", found.theirs)):
            yield from (f"  {side}: {one}" for one in some)


if __name__ == "__main__":
    for line in report([Path(argument) for argument in sys.argv[1:]] or DOCKERFILES):
        print(line, flush=True)
