"""Pipes that hide a failure: the shell checks only the last command of a pipeline, unless `pipefail` is set.

Not every left side of a pipe can fail. Programs that print, or pass their input on, cannot, so `echo … | tee` hides
nothing. Whether a failure would be noticed without the pipe is not considered.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.commands import Invocation
from stackferry.grammar.shell.script import Command

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.scripts import ScriptText
    from stackferry.grammar.shell.script import Construct, Redirect

PRINTING = frozenset(
    ("echo", "printf", "yes", "true", ":", "pwd", "date", "uname", "whoami", "hostname", "nproc", "arch", "seq", "env")
) | {"[", "[[", "test", "read", "set", "export", "alias", "return", "exit", "false", "shift", "sleep"}
"""Programs that do not fail, or only to answer no."""

FILTERS = {
    # name: how many operands are no files
    **dict.fromkeys(("cat", "cut", "fold", "head", "nl", "rev", "sort", "tac", "tail", "tee", "uniq", "wc", "od"), 0),
    **dict.fromkeys(("base64", "column", "expand", "fmt", "hexdump", "paste", "xxd"), 0),
    **dict.fromkeys(("awk", "gawk", "mawk", "sed"), 1),
    "tr": 2,
}
"""Programs that pass on their input, modified: without a file argument they do not fail."""

_DEVICES = ("/dev/", "/proc/", "/sys/")
_FOLDERS = frozenset(
    {"."}
    | {f"/{name}" for name in ("", "bin", "dev", "etc", "home", "lib", "opt", "root", "sbin", "tmp", "usr", "var")}
) | {f"/usr/{name}" for name in ("bin", "lib", "local", "local/bin", "local/lib", "sbin", "share")}
"""Directories that every image has."""
_ANSWERS = frozenset(
    (
        ("apk", "--print-arch"),
        ("apt-mark", "showmanual"),
        ("dpkg", "--print-architecture"),
        ("locale", "-a"),
    )
)
_HARMLESS = ("true", ":")
_SUMS = tuple(f"{name}sum" for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "b2"))


def losing(script: "ScriptText") -> "Iterator[Invocation]":
    """The commands whose failure a pipe hides, the first of each pipeline, in text order.

    A pipe in the condition of `if` or `while` hides nothing, because its result is tested. Neither does a pipe into
    `sha256sum -c` or `grep`, which fail themselves without input.
    """
    commands = {command.command.number: command for command in script.commands}
    changes = _changes(script)
    for pipeline in script.script.pipelines:
        if len(pipeline.elements) < 2 or pipeline.test or _in_force(script, changes, pipeline.start):
            continue
        last = pipeline.elements[-1]
        if isinstance(last, Command) and last.number in commands and _wants_input(commands[last.number]):
            continue
        for element in pipeline.elements[:-1]:
            found = _failing(script, element, commands)
            if found is not None:
                yield found
                break


def _changes(script: "ScriptText") -> list[tuple[int, bool]]:
    """Where a script turns `pipefail` on or off for later commands: (the end of the command, on)."""
    found: list[tuple[int, bool]] = []
    for command in script.script.commands:
        if command.name != "set" or any(kind not in ("group", "subshell") for kind in command.within):
            continue
        values = [word.literal or "" for word in command.arguments]
        for option, value in pairwise(values):
            if value == "pipefail" and option[:1] in ("-", "+") and option.endswith("o"):
                found.append((command.end, option.startswith("-")))
    return found


def _in_force(script: "ScriptText", changes: list[tuple[int, bool]], at: int) -> bool:
    last = next((on for end, on in reversed(changes) if end <= at), None)
    return script.pipefail if last is None else last


def _failing(
    script: "ScriptText", element: "Command | Construct", commands: "dict[int, Invocation]"
) -> "Invocation | None":
    """The command of an element that may fail."""
    if isinstance(element, Command):
        inside: tuple[Command, ...] = (element,)
    else:
        inside = script.script.inside(element)
        if inside and inside[-1].name in _HARMLESS and inside[-1].before in ("||", ";", "\n"):
            return None
        if element.redirects and not all(map(_is_safe, element.redirects)):
            return commands.get(inside[0].number) if inside else None
    for command in inside:
        if command.number in commands and not cannot_fail(commands[command.number]):
            return commands[command.number]
    return None


def cannot_fail(command: Invocation) -> bool:
    """Whether a command never fails, whatever the state of the build."""
    call = command.unwrapped
    redirects = command.command.redirects
    if not all(map(_is_safe, redirects)):
        return False
    if call.program in PRINTING or (call.program, *call.values) in _ANSWERS:
        return True
    if call.program == "find":
        return _finds(call)
    if call.program not in FILTERS:
        return False
    operands = [argument.value for argument in call.arguments if not (argument.value or "").startswith("-")]
    taken = FILTERS[call.program]
    scripts = sum(1 for value in call.values if value in ("-e", "-f", "-n", "-c", "-d", "-k", "-t", "-F", "-v"))
    files = operands[max(taken, scripts) :]
    if call.program == "tee":
        return all(value is not None and value.rpartition("/")[0] in _FOLDERS for value in files)
    return all(value is not None and value.startswith(_DEVICES) for value in files)


def _finds(call: Invocation) -> bool:
    """Whether `find` only walks existing directories, and no `-exec … +` fails."""
    starts = []
    for argument in call.arguments:
        if argument.value is None or argument.value[:1] in ("-", "(", "!"):
            break
        starts.append(argument.value)
    return all((start.rstrip("/") or "/") in _FOLDERS for start in starts) and not call.has("+")


def _wants_input(command: Invocation) -> bool:
    """Whether a command fails when it gets no input."""
    call = command.unwrapped
    if call.program in _SUMS:
        return any(value in ("--check", "-c") or (value[:1] == "-" and "c" in value) for value in call.values)
    if call.program in ("grep", "egrep", "fgrep"):
        options = [value for value in call.values if value.startswith("-") and not value.startswith("--")]
        return not any("v" in value or "L" in value for value in options) and not call.has("--invert-match")
    return False


def _is_safe(redirect: "Redirect") -> bool:
    """Whether a redirection cannot fail: output, a heredoc, a here-string, a descriptor, a device."""
    if not redirect.operator.startswith("<") or redirect.operator in ("<<", "<<-", "<<<", "<&"):
        return True
    return (redirect.target.literal or "").startswith(_DEVICES)
