"""The state known at each command: variables (`variables.py`), options (`modes.py`).

One walk over the script, which writes a `History`. A change counts where it must have happened: in a subshell up to
the subshell's end, in a branch or after `&&` only inside it. Where it may have happened, the value is unknown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from stackferry.grammar.shell.foresight import Effects, Foresight
from stackferry.grammar.shell.history import EVERYTHING, Frame, History, Known
from stackferry.grammar.shell.script import Command, Construct, Pipeline, Script
from stackferry.grammar.shell.word import Substitution

_SURE = frozenset({":", "export", "readonly", "set", "true", "unset"})
"""Commands that never fail, so that whatever follows `&&` certainly runs."""

_NESTED = frozenset({"substitution", "process"})
_AND_OR = frozenset({"&&", "||"})

_MOST = 100
"""If functions change more names than this, calling one counts as a change of everything."""


class Flow:
    """The walk over a script and its results; `at` gives the values at a command."""

    def __init__(self, script: Script, start: Mapping[str, str | None], effects: Effects) -> None:
        self._script = script
        self._effects = effects
        self._history = History(start)
        self._pipelines: dict[int, list[Pipeline]] = {}
        self._sections: dict[int, list[Construct]] = {}
        self._nested: dict[int, list[Construct]] = {}
        self._foresight = Foresight(script, effects)
        self._history.foreseen = self._foresight.values
        self._index()
        self._list(-1)

    def at(self, command: Command) -> Known:
        """The values at the start of a command, before its own assignments."""
        return Known(self._history, command.number, self._foresight.function(command.parent))

    def _index(self) -> None:
        for pipeline in self._script.pipelines:
            self._pipelines.setdefault(pipeline.parent, []).append(pipeline)
        for construct in self._script.constructs:
            into = self._nested if construct.kind in _NESTED else self._sections
            into.setdefault(construct.parent, []).append(construct)
        for nested in self._nested.values():
            nested.reverse()

    def _apply(self, subject: Command | Construct) -> None:
        for name, value in self._effects(subject, self._history.now()):
            self._history.set(name, value)

    def _list(self, parent: int) -> None:
        """All pipelines of a construct, list by list."""
        pipelines = self._pipelines.get(parent, [])
        at = 0
        while at < len(pipelines):
            end = at + 1
            while end < len(pipelines) and pipelines[end].before in _AND_OR:
                end += 1
            self._and_or(pipelines[at:end])
            at = end
        self._late(parent, len(self._script.text) + 1, (EVERYTHING,))

    def _and_or(self, pipelines: list[Pipeline]) -> None:
        history = self._history
        history.push()
        sure = True
        for place, pipeline in enumerate(pipelines):
            if place and sure and not (pipeline.before == "&&" and _succeeds(pipelines[place - 1])):
                sure = False
                history.push()
            if pipeline.before != "||":
                self._pipeline(pipeline)
                continue
            history.forget(history.changed())
            history.push()
            self._pipeline(pipeline)
            history.forget(history.pop(kept=True))
        if not sure:
            history.forget(history.pop(kept=True))
        changed = history.pop(kept=True)
        if pipelines[-1].after == "&":
            history.forget(changed)

    def _pipeline(self, pipeline: Pipeline) -> None:
        for element in pipeline.elements:
            self._history.push()
            if isinstance(element, Command):
                self._command(element)
            else:
                _WALKS.get(element.kind, Flow._inside)(self, element)
                self._late(element.parent, element.end, self._history.changed())
            changed = self._history.pop(kept=True)
            if len(pipeline.elements) > 1:
                self._history.forget(changed)

    def _command(self, command: Command) -> None:
        self._late(command.parent, command.start, (EVERYTHING,))
        self._nested_before(command.parent, command.end)
        self._history.clock = max(self._history.clock, command.number + 1)
        self._apply(command)
        if command.name in self._foresight.functions:
            names = self._foresight.in_functions
            self._history.forget(names if len(names) <= _MOST else (EVERYTHING,))

    def _nested_before(self, parent: int, end: int) -> None:
        """The substitutions in a construct up to an offset; each runs in its own shell."""
        waiting = self._nested.get(parent)
        while waiting and waiting[-1].start < end:
            self._apart(waiting.pop())

    def _late(self, parent: int, end: int, doubtful: Iterable[str]) -> None:
        """Substitutions that run before what precedes them in the text: in heredocs, in redirections of a construct."""
        waiting = self._nested.get(parent)
        if waiting and waiting[-1].start < end:
            self._history.push()
            self._history.forget(doubtful)
            self._nested_before(parent, end)
            self._history.pop(kept=False)

    def _inside(self, construct: Construct) -> None:
        self._list(construct.number)

    def _apart(self, construct: Construct) -> None:
        self._history.push()
        self._list(construct.number)
        self._history.pop(kept=False)

    def _sections_of(self, construct: Construct) -> Iterator[Construct]:
        """The sections of a construct, after the substitutions in its head."""
        sections = self._sections.get(construct.number, [])
        self._nested_before(construct.number, sections[0].start if sections else construct.end)
        return iter(sections)

    def _choice(self, construct: Construct) -> None:
        """`if` and `case`: one of the branches runs, or none. Only the first condition certainly runs."""
        history = self._history
        maybe: Frame = {}
        history.push()
        for place, section in enumerate(self._sections_of(construct)):
            if section.kind == "branch":
                history.push()
                self._list(section.number)
                maybe.update(history.pop(kept=False))
                continue
            self._list(section.number)
            if not place:
                history.pop(kept=True)
                history.push()
        history.forget({**history.pop(kept=True), **maybe})

    def _loop(self, construct: Construct) -> None:
        """Any number of iterations: each sees the changes of the previous one."""
        history = self._history
        sections = self._sections_of(construct)
        history.forget(self._foresight.changed_in(construct))
        for section in sections:
            history.push()
            self._list(section.number)
            changed = history.pop(kept=True)
            if section.kind == "body":
                history.forget(changed)

    def _headed(self, construct: Construct) -> None:
        """`for` and `((…))`, which change variables themselves."""
        self._nested_before(construct.number, construct.start)
        self._apply(construct)
        if construct.kind != "arithmetic":
            self._loop(construct)

    def _definition(self, construct: Construct) -> None:
        """A function: its body runs some time later, or never."""
        history = self._history
        history.push()
        floor, history.floor = history.floor, construct.first
        self._list(construct.number)
        history.floor = floor
        history.pop(kept=False)


_WALKS: dict[str, Callable[[Flow, Construct], None]] = {
    "subshell": Flow._apart,
    "if": Flow._choice,
    "case": Flow._choice,
    "while": Flow._loop,
    "until": Flow._loop,
    "for": Flow._headed,
    "select": Flow._headed,
    "function": Flow._definition,
    "arithmetic": Flow._headed,
}


def _succeeds(pipeline: Pipeline) -> bool:
    """Whether a pipeline never fails: plain assignments and a few builtins."""
    if pipeline.negated or len(pipeline.elements) != 1:
        return False
    command = pipeline.elements[0]
    if not isinstance(command, Command) or command.redirects or (command.words and command.name not in _SURE):
        return False
    values = [assignment.value for assignment in command.assignments]
    return not any(type(part) is Substitution for word in (*command.words, *values) for part in word.pieces)
