"""A step: an instruction in its stage, and the state before it runs. Made by `build.py`; rules read it.

Everything costly (scripts of RUN, calls in them, mounts) is computed when it is first used, and kept.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.expand import ExpansionError, expand
from stackferry.grammar.dockerfile.facts.mounts import Mount, mount
from stackferry.grammar.dockerfile.facts.programs.calls import Call, calls_of
from stackferry.grammar.dockerfile.facts.scope import View
from stackferry.grammar.dockerfile.facts.scripts import ScriptText, scripts_of
from stackferry.grammar.dockerfile.instruction import Instruction

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Stage
    from stackferry.grammar.dockerfile.facts.packages import PackageCall
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall


class Step:
    """An instruction in a stage, with the state before it runs. `index` counts all instructions of the file.

    For ONBUILD, `instruction` is the trigger, and `onbuild` is set. `user` and `workdir` are the current values of USER
    and WORKDIR: empty if not set, None if not known.
    """

    __slots__ = (
        "_calls", "_mounts", "_package_calls", "_plain_calls", "_plain_script", "_scripts", "index", "instruction",
        "onbuild", "shell", "stage", "user", "user_step", "workdir",
    )  # fmt: skip

    def __init__(self, stage: "Stage", index: int, instruction: Instruction, *, onbuild: bool) -> None:
        self.stage = stage
        self.index = index
        self.instruction = instruction
        self.onbuild = onbuild
        self.shell = stage.shell
        self.user = stage.user
        self.user_step = stage.user_step
        self.workdir = stage.workdir
        self._mounts: tuple[Mount, ...] | None = None
        self._scripts: tuple[ScriptText, ...] | None = None
        self._calls: tuple[Call, ...] | None = None
        self._plain_calls: tuple[PlainCall, ...] | None = None
        self._plain_script: ScriptText | None = None
        self._package_calls: tuple[PackageCall, ...] | None = None

    @property
    def keyword(self) -> str:
        """The keyword of the instruction."""
        return self.instruction.keyword

    @property
    def variables(self) -> View:
        """ARG and ENV as this step sees them: names to values, None if a value is not known."""
        return self.stage.scope.view(self.index)

    def expanded(self, text: str) -> str | None:
        """A text with its variables expanded; None if one of them is not known, or not set by the file."""
        return known(text, self.variables, self.stage.build.dockerfile.escape)

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """The `--mount` flags of a RUN."""
        if self._mounts is None:
            self._mounts = tuple(mount(flag, self.expanded) for flag in self.instruction.flags_named("mount"))
        return self._mounts

    @property
    def scripts(self) -> tuple[ScriptText, ...]:
        """The shell scripts in a RUN (also of CMD, ENTRYPOINT and HEALTHCHECK in shell form), parsed."""
        if self._scripts is None:
            self._scripts = scripts_of(self)
        return self._scripts

    @property
    def plain_script(self) -> ScriptText | None:
        """The one script of a RUN that hadolint sees."""
        if self._plain_script is None:
            from stackferry.grammar.dockerfile.facts.programs.plain import plain_script_of

            self._plain_script = plain_script_of(self)
        return self._plain_script

    def calls(self, *, plain: bool = False) -> tuple[Call, ...]:
        """The calls of programs in its scripts; `plain`: as hadolint reads them."""
        if plain:
            return self.plain_calls
        if self._calls is None:
            self._calls = calls_of(self)
        return self._calls

    @property
    def plain_calls(self) -> "tuple[PlainCall, ...]":
        """The calls of programs in a RUN as hadolint reads them."""
        if self._plain_calls is None:
            from stackferry.grammar.dockerfile.facts.programs.plain import plain_calls_of

            self._plain_calls = plain_calls_of(self)
        return self._plain_calls

    @property
    def package_calls(self) -> "tuple[PackageCall, ...]":
        """The calls of package managers in its scripts, in source order."""
        if self._package_calls is None:
            from stackferry.grammar.dockerfile.facts.packages import calls_of_managers

            self._package_calls = calls_of_managers(self)
        return self._package_calls


def known(text: str, view: Mapping[str, str | None], escape: str) -> str | None:
    """A text with its variables expanded; None if one is not known or not set, or if a build would refuse the text."""
    try:
        found = expand(text, view, escape)
    except ExpansionError:
        return None
    return None if found.unset else found.value
