"""Gets ShellCheck's answers for all files of a run: reads cached ones, runs the program once for the rest.

shellcheck = ShellCheck.here(os.environ, now)
if shellcheck.available: hits = shellcheck(builds)
for note in shellcheck.notes: …
"""

from collections.abc import Mapping, Sequence

from stackferry.grammar.dockerfile.facts.build import Build
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.shellcheck.check import check
from stackferry.grammar.lint.shellcheck.key import key
from stackferry.grammar.lint.shellcheck.manner import OWN, Manner
from stackferry.grammar.lint.shellcheck.remark import Remark
from stackferry.grammar.lint.shellcheck.submission import Submission
from stackferry.lint.shellcheck.cache import Cache, default_folder
from stackferry.lint.shellcheck.program import Program, find

MISSING = (
    "ShellCheck is not installed, so the scripts in RUN are not checked: run pip install"
    " 'stackferry[shellcheck]', or put shellcheck on the PATH"
)


class ShellCheck:
    """A callable from the facts of all files to the hits in each. `notes` has lines for the user after the call."""

    __slots__ = ("_patience", "cache", "environment", "manner", "notes", "program")

    def __init__(
        self,
        program: Program | None,
        cache: Cache,
        environment: Mapping[str, str],
        manner: Manner = OWN,
        patience: float = 0,
    ) -> None:
        self.program = program
        self.cache = cache
        self.environment = environment
        self.manner = manner
        self.notes: list[str] = []
        self._patience = patience

    @classmethod
    def here(cls, environment: Mapping[str, str], now: float, manner: Manner = OWN) -> "ShellCheck":
        """The ShellCheck of this machine, with the user's cache."""
        return cls(find(environment), Cache(default_folder(environment), now), environment, manner)

    @property
    def available(self) -> bool:
        """Whether the program is installed."""
        return self.program is not None

    def __call__(self, builds: Sequence[Build]) -> list[tuple[Hit, ...]]:
        """The hits in each file, in the order of the files. Failures of the program raise nothing."""
        checked = check(builds, self._ask, self.manner)
        if checked.unanswered and self.program is None:
            self.notes.append(MISSING)
        elif checked.unanswered:
            self.notes[-1] += f"; not checked: {_places(checked.unanswered)}"
        return checked.hits

    def _ask(self, texts: Sequence[str]) -> Mapping[str, Sequence[Remark]]:
        if self.program is None:
            return {}
        version = self.cache.version(self.program.identity)
        answers: dict[str, Sequence[Remark]] = {}
        reasons: tuple[str, ...] = ()
        try:
            if not version:
                version = self._version(self.program)
            keys = {text: key(version, text) for text in texts}
            kept = {text: self.cache.get(keys[text]) for text in texts}
            answers = {text: remarks for text, remarks in kept.items() if remarks is not None}
            missing = [text for text, remarks in kept.items() if remarks is None]
            if missing:
                from stackferry.lint.shellcheck.batches import PATIENCE, run

                found = run(self.program.path, missing, self.environment, patience=self._patience or PATIENCE)
                reasons = found.reasons
                for text, remarks in found.answers.items():
                    answers[text] = remarks
                    self.cache.put(keys[text], remarks)
                self.cache.prune()
        except OSError as error:
            reasons = (f"it cannot be run: {error.strerror or error}",)
        if reasons:
            self.notes.append(f"ShellCheck ({self.program.path}) failed: {'; '.join(reasons)}")
        return answers

    def _version(self, program: Program) -> str:
        from stackferry.lint.shellcheck.batches import version

        found = version(program.path, self.environment)
        if found:
            self.cache.put_version(program.identity, found)
        return found or program.identity


_NAMED = 3
"""Most scripts that a note names."""


def _places(unanswered: Sequence[Submission]) -> str:
    named = []
    for submission in unanswered[:_NAMED]:
        source = submission.script.step.stage.build.source
        named.append(f"{source.path}:{source.position(submission.script.joined.at(0)).line}")
    rest = len(unanswered) - len(named)
    return ", ".join(named) + (f" and {rest} more" if rest else "")
