"""A Dockerfile as a build: its stages in order, the state at each step, the images it needs. The entry to the facts.

    Dockerfile (parse.py) -> build(dockerfile) -> Build: stages -> steps -> variables, shell, mounts, scripts

Everything costly (scripts of RUN, mounts) is computed when it is first used, and kept.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.images import is_busybox, is_windows
from stackferry.grammar.dockerfile.facts.scope import PLATFORM, PROXIES, Scope
from stackferry.grammar.dockerfile.facts.shell_pragma import shell_said
from stackferry.grammar.dockerfile.facts.shells import BUSYBOX, LINUX, WINDOWS, Shell, shell_of
from stackferry.grammar.dockerfile.facts.step import Step, known
from stackferry.grammar.dockerfile.instruction import Instruction, Joined, Pair, Word
from stackferry.grammar.dockerfile.parse import Dockerfile
from stackferry.grammar.dockerfile.source import Source

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.ignore import Ignore

SCRATCH = "scratch"

_NO_NUMBER = -1
"""The index of the head: `--from` cannot refer to it."""


class Stage:
    """A build stage. `image` is its base with variables expanded, None if not known; `parent` the stage it is based on.

    `name` is in lower case, as BuildKit keeps it; empty if it has none. After the stage is read, `shell`, `user` and
    `workdir` are what a stage built on it inherits.
    """

    __slots__ = (
        "build", "image", "index", "instruction", "name", "parent", "scope", "shell", "steps", "user", "user_step",
        "windows", "workdir", "yes_since",
    )  # fmt: skip

    def __init__(
        self,
        build: "Build",
        index: int,
        instruction: Instruction,
        image: str | None,
        parent: "Stage | None",
    ) -> None:
        self.build = build
        self.index = index
        self.instruction = instruction
        self.image = image
        self.parent = parent
        words = instruction.words
        self.name = words[2].text.lower() if len(words) == 3 and words[1].text.lower() == "as" else ""
        self.windows: bool = parent.windows if parent else _windows(instruction, image)
        self.steps: tuple[Step, ...] = ()
        self.shell: Shell = parent.shell if parent else _shell(image, windows=self.windows)
        self.user: str | None = parent.user if parent else ""
        self.user_step: Step | None = parent.user_step if parent else None
        self.workdir: str | None = parent.workdir if parent else ""
        self.scope: Scope = parent.scope.child() if parent else Scope({})
        # Cached by `answers.py`.
        self.yes_since: int | None = None

    @property
    def base(self) -> Word:
        """The word of FROM with the image."""
        return self.instruction.words[0] if self.instruction.words else self.instruction.word

    @property
    def is_last(self) -> bool:
        """Whether it is the file's last stage, which is the default build target."""
        return self is self.build.parts[-1]

    def is_called(self, name: str) -> bool:
        """Whether `--from=name` refers to this stage: by its name, ignoring case, or by its number."""
        return (name != "" and name.lower() == self.name) or 0 <= _number(name) == self.index

    @property
    def lineage(self) -> "Iterator[Stage]":
        """The stage itself, then those it is built on, down to the one whose base is an image."""
        stage: Stage | None = self
        while stage is not None:
            yield stage
            stage = stage.parent

    @property
    def root(self) -> "Stage":
        """The stage at the bottom of its parents, whose base is an image."""
        stage = self
        while stage.parent is not None:
            stage = stage.parent
        return stage


class Build:
    """All facts of a file. `arguments` are the ARG instructions before the first FROM, `orphans` all others there.

    No build accepts orphans; rules check them all the same, because FROM may only be misspelled. `head` is
    the stage that holds them, without number, name or known image. It is None without orphans.
    `context` is what is known of the build context, None if nothing is.
    """

    __slots__ = ("arguments", "context", "dockerfile", "globals", "head", "named", "orphans", "stages")

    def __init__(self, dockerfile: Dockerfile, context: "Ignore | None" = None) -> None:
        self.dockerfile = dockerfile
        self.context = context
        self.arguments: tuple[Instruction, ...] = ()
        self.orphans: tuple[Instruction, ...] = ()
        self.globals = Scope(dict.fromkeys(PLATFORM))
        self.head: Stage | None = None
        self.stages: tuple[Stage, ...] = ()
        # The stages by name, in order: there may be thousands.
        self.named: dict[str, list[Stage]] = {}

    @property
    def source(self) -> Source:
        """The source of the Dockerfile."""
        return self.dockerfile.source

    @property
    def parts(self) -> tuple[Stage, ...]:
        """Everything with steps: the head, if there is one, and the stages."""
        return self.stages if self.head is None else (self.head, *self.stages)

    def steps(self, *keywords: str) -> Iterator[Step]:
        """The steps of the head and of all stages, in order; only those with one of the keywords, if any are given."""
        for stage in self.parts:
            for step in stage.steps:
                if not keywords or step.keyword in keywords:
                    yield step

    def stage_named(self, name: str, before: int | None = None) -> Stage | None:
        """The last stage with a name, ignoring case; before a stage's index, if given."""
        stages = self.named.get(name.lower(), [])
        end = len(stages) if before is None else bisect_left(stages, before, key=lambda stage: stage.index)
        return stages[end - 1] if end else None

    def stage_for_copy(self, name: str, before: int) -> Stage | None:
        """The stage that `--from=name` means in the stage at index `before`: an earlier one of that name or number."""
        named = self.stage_named(name, before)
        number = _number(name)
        return self.stages[number] if named is None and 0 <= number < before else named


def build(dockerfile: Dockerfile, context: "Ignore | None" = None) -> Build:
    """The facts of a tree and of its build context."""
    found = Build(dockerfile, context)
    arguments: list[Instruction] = []
    orphans: list[Instruction] = []
    stages: list[Stage] = []
    steps: list[Step] = []
    above: list[Step] = []
    default: Shell | None = None
    for index, instruction in enumerate(dockerfile.instructions):
        said = shell_said(instruction) if instruction.above else None
        if not stages:
            default = said or default
        if instruction.keyword == "FROM":
            _close(stages, steps)
            stage = _stage(found, len(stages), index, instruction)
            stages.append(stage)
            if stage.name:
                found.named.setdefault(stage.name, []).append(stage)
            said = said or (None if stage.parent else default)
        part = stages[-1] if stages else found.head
        if said is not None and part is not None:
            part.shell = said
        if instruction.keyword == "FROM":
            continue
        if stages:
            steps.append(_step(stages[-1], index, instruction))
        elif instruction.keyword == "ARG":
            arguments.append(instruction)
            _global(found, index, instruction)
        else:
            if part is None:
                part = found.head = _head(found, index, instruction)
                part.shell = default or part.shell
            orphans.append(instruction)
            above.append(_step(part, index, instruction))
    _close(stages, steps)
    if found.head is not None:
        found.head.steps = tuple(above)
    found.stages, found.arguments, found.orphans = tuple(stages), tuple(arguments), tuple(orphans)
    return found


def _number(name: str) -> int:
    """The stage number in a text; -1 if it is none, or more than a file can have."""
    return int(name) if name.isdecimal() and len(name) < 10 else -1


def _close(stages: list[Stage], steps: list[Step]) -> None:
    if stages:
        stages[-1].steps = tuple(steps)
    steps.clear()


def _stage(found: Build, number: int, index: int, instruction: Instruction) -> Stage:
    words = instruction.words
    view = found.globals.view(index)
    # An ARG without a default is empty unless the caller of the build sets it: `${BASE:-debian:12}` is known then, too.
    given = {name: view[name] for name in view if view[name] is not None or name in PLATFORM}
    reference = known(words[0].text, given, found.dockerfile.escape) if words else None
    # The name of a stage is case-sensitive here, unlike in COPY --from (BuildKit's dispatch state).
    parents = found.named.get(reference or "")
    return Stage(found, number, instruction, reference, parents[-1] if parents else None)


def _global(found: Build, index: int, instruction: Instruction) -> None:
    """An ARG before the first FROM."""
    for pair in instruction.pairs:
        # A pair sees the pairs before it, also in the same instruction.
        value = _value(pair, found.globals.view(index + 1), found.dockerfile.escape)
        found.globals.set(index, pair.name.text, value, is_env=False)
        if found.head is not None:
            found.head.scope.set(index, pair.name.text, value, is_env=False)


def _head(found: Build, index: int, first: Instruction) -> Stage:
    """The stage of the orphans. Its FROM has no words, and the place of the first orphan."""
    at = first.start
    missing = Instruction("FROM", Word("", at, at, 0), Joined("", (0,), (at,)), at, at)
    head = Stage(found, _NO_NUMBER, missing, None, None)
    head.scope = Scope(dict(found.globals.view(index)))
    return head


def _step(stage: Stage, index: int, instruction: Instruction) -> Step:
    trigger = instruction.trigger
    step = Step(stage, index, trigger if trigger is not None else instruction, onbuild=trigger is not None)
    effect = _EFFECTS.get(instruction.keyword)
    if effect is not None:
        effect(step)
    return step


def _shell_effect(step: Step) -> None:
    if step.instruction.json:
        step.stage.shell = shell_of(tuple(word.text for word in step.instruction.json))


def _user_effect(step: Step) -> None:
    if step.instruction.words:
        step.stage.user = step.expanded(step.instruction.words[0].text)
        step.stage.user_step = step


def _workdir_effect(step: Step) -> None:
    if step.instruction.words:
        path = step.expanded(step.instruction.words[0].text)
        before = step.stage.workdir
        if path is None or path.startswith("/") or path[1:2] == ":":
            step.stage.workdir = path
        else:
            step.stage.workdir = None if before is None else f"{before.rstrip('/')}/{path}"


def _env_effect(step: Step) -> None:
    view, escape = step.variables, step.stage.build.dockerfile.escape
    # All values of one ENV see the variables from before it.
    values = [(known(pair.name.text, view, escape), _value(pair, view, escape)) for pair in step.instruction.pairs]
    for name, value in values:
        if name:
            step.stage.scope.set(step.index, name, value, is_env=True)


def _arg_effect(step: Step) -> None:
    build, scope, escape = step.stage.build, step.stage.scope, step.stage.build.dockerfile.escape
    given = build.globals.view(step.index)
    for pair in step.instruction.pairs:
        name = pair.name.text
        if pair.value is not None:
            # A pair sees the pairs before it, also in the same instruction.
            scope.set(step.index, name, _value(pair, scope.view(step.index + 1), escape), is_env=False)
        elif name in PLATFORM or given.get(name) is not None:
            scope.set(step.index, name, given[name], is_env=False)
        else:
            scope.declare(step.index, name)


_EFFECTS = {
    "ARG": _arg_effect,
    "ENV": _env_effect,
    "SHELL": _shell_effect,
    "USER": _user_effect,
    "WORKDIR": _workdir_effect,
}


def _value(pair: Pair, view: Mapping[str, str | None], escape: str) -> str | None:
    """The value that a pair sets, as far as known. An ARG may get another value at build time; its default counts."""
    return None if pair.value is None else known(pair.value.text, view, escape)


def _windows(instruction: Instruction, reference: str | None) -> bool:
    platform = instruction.flag("platform")
    if platform is not None and platform.value and platform.value.lower().startswith("windows"):
        return True
    return bool(reference) and is_windows(reference or "")


def _shell(reference: str | None, *, windows: bool) -> Shell:
    if windows:
        return WINDOWS
    return BUSYBOX if reference and is_busybox(reference) else LINUX


__all__ = ["PROXIES", "SCRATCH", "Build", "Stage", "Step", "build"]
