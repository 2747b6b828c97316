"""Environment variables that a Dockerfile sets by any means: ENV, ARG, `export`, a command's own, `env`, `sudo`.

Also by lines that it writes for later shells: `export` in a profile, any line in /etc/environment.
For rules about a variable that switches something off. Assignments in a script without `export` are left
out, unless ENV or ARG has put the name into its environment.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.dockerfile.facts.programs.written import lines_of
from stackferry.grammar.dockerfile.facts.shells import program
from stackferry.grammar.regex import regex
from stackferry.grammar.shell.expand.resolve import resolve

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build, Step
    from stackferry.grammar.dockerfile.facts.scripts import ScriptText
    from stackferry.grammar.shell.script import Command

_SCRIPTS = ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK")
_EXPORTING = ("export", "declare", "typeset", "local", "readonly")
_TAKING = ("env", "sudo", "doas")


_PROFILE = regex(r"(?:bashrc|zshrc|zshenv|\.\w*profile|bash_login|/etc/profile|/etc/profile\.d/[^/]+)$")
_ENVIRONMENT = "/etc/environment"
_SETTING = regex(r"(export\s+)?(\w+)=(?:\"([^\"]*)\"|'([^']*)'|(\S*))")


class Variable(NamedTuple):
    """A setting of a variable. `value` is None if it is not known; the range covers name and value."""

    name: str
    value: str | None
    start: int
    end: int
    step: "Step"


def variables_set(file: "Build", *names: str) -> Iterator[Variable]:
    """The settings of the named variables, in file order."""
    wanted = frozenset(names)
    for step in file.steps("ENV", "ARG", *_SCRIPTS):
        if step.keyword in _SCRIPTS:
            found = [variable for script in step.scripts for variable in _in_script(script, wanted)]
            if step.keyword == "RUN":
                found += _in_profiles(step, wanted)
            yield from sorted(found, key=_start)
            continue
        for pair in step.instruction.pairs:
            name = pair.name.text
            if name in wanted and (pair.value is not None or name in file.globals.view(step.index)):
                value = file.globals.view(step.index)[name] if pair.value is None else step.expanded(pair.value.text)
                end = pair.name.end if pair.value is None else pair.value.end
                yield Variable(name, value, pair.name.start, end, step)


def _start(variable: Variable) -> int:
    return variable.start


def _in_script(script: "ScriptText", wanted: frozenset[str]) -> Iterator[Variable]:
    if not any(name in script.text for name in wanted):
        return
    exported = {
        word.text for command in script.script.commands if command.name == "export" for word in command.arguments
    }
    for command in script.script.commands:
        for assignment in command.assignments:
            name = assignment.name
            if name in wanted and (command.words or name in exported or name in script.step.variables):
                value = resolve(assignment.value, script.variables(command))
                yield Variable(name, value, *script.range(assignment.start, assignment.end), script.step)
        if command.words and program(command.name or "") in (*_EXPORTING, *_TAKING):
            yield from _in_words(script, command, wanted)


def _in_words(script: "ScriptText", command: "Command", wanted: frozenset[str]) -> Iterator[Variable]:
    for word in command.arguments:
        name, given, _ = word.text.lstrip("\"'").partition("=")
        if given and name in wanted:
            text = resolve(word, script.variables(command))
            value = None if text is None else text.partition("=")[2]
            yield Variable(name, value, *script.range(word.start, word.end), script.step)
        elif not given and not word.text.startswith("-") and command.name in _TAKING:
            # The rest is another program's command line.
            return


def _in_profiles(step: "Step", wanted: frozenset[str]) -> Iterator[Variable]:
    if not any(name in script.text for script in step.scripts for name in wanted):
        return
    for line in lines_of(step):
        setting = _SETTING.match(line.text)
        if setting is None or setting[2] not in wanted:
            continue
        if line.path == _ENVIRONMENT or (setting[1] and _PROFILE.search(line.path)):
            value = next(text for text in setting.groups()[2:] if text is not None)
            yield Variable(setting[2], None if "$" in value else value, line.start, line.end, step)
