"""Wrapper commands: finds what `sudo`, `env`, `timeout` and the like run.

Rules mostly look at the first word only, as hadolint does, so both views are kept: the command as written, and
`unwrapped`.
"""

from stackferry.grammar.shell.arguments import NONE, options
from stackferry.grammar.shell.script import Assignment, Command
from stackferry.grammar.shell.value import Value
from stackferry.grammar.shell.word import Literal, ShellWord

DEEPEST = 20
"""How deep wrappers may be nested."""


class _Wrapper(Value):
    """A wrapper. `operands` is how many precede the command; with `assigns`, `name=value` may precede it, too.

    With a flag of `instead` no command is run; if `only` has flags, a command is run only with one of them.
    """

    __slots__ = ("assigns", "instead", "only", "operands", "with_value")

    def __init__(
        self,
        with_value: frozenset[str] = NONE,
        operands: int = 0,
        assigns: bool = False,
        instead: frozenset[str] = NONE,
        only: frozenset[str] = NONE,
    ) -> None:
        self.with_value = with_value
        self.operands = operands
        self.assigns = assigns
        self.instead = instead
        self.only = only


def _flags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PLAIN = _Wrapper()
_ONE = _Wrapper(operands=1)

_WRAPPERS = {
    **dict.fromkeys(("builtin", "eatmydata", "linux32", "linux64", "nohup", "setsid", "toybox", "unbuffer"), _PLAIN),
    **dict.fromkeys(("gosu", "setarch", "su-exec"), _ONE),
    "busybox": _Wrapper(instead=_flags("--list --list-full --install")),
    "chroot": _ONE,
    "chrt": _Wrapper(_flags("-T -P -D"), 1, instead=_flags("-p --pid")),
    "command": _Wrapper(instead=_flags("-v -V")),
    "doas": _Wrapper(_flags("-a -C -u"), instead=_flags("-L -s")),
    "dumb-init": _Wrapper(_flags("-r --rewrite")),
    "env": _Wrapper(_flags("-u --unset -C --chdir"), assigns=True, instead=_flags("-S --split-string")),
    "exec": _Wrapper(_flags("-a")),
    "fakeroot": _Wrapper(_flags("-l --lib -f --faked -s -i -b")),
    "flock": _Wrapper(_flags("-w --wait --timeout -E --conflict-exit-code"), 1, instead=_flags("-c --command -u")),
    "ionice": _Wrapper(_flags("-c --class -n --classdata"), instead=_flags("-p --pid -P -u --uid")),
    "nice": _Wrapper(_flags("-n --adjustment")),
    "runuser": _Wrapper(_flags("-u --user -g --group -G --supp-group"), only=_flags("-u --user")),
    "setpriv": _Wrapper(_flags("--reuid --regid --groups --bounding-set --inh-caps --ambient-caps --securebits")),
    "stdbuf": _Wrapper(_flags("-i --input -o --output -e --error")),
    "strace": _Wrapper(_flags("-a -b -e -I -o -O -p -P -s -S -u -E")),
    "sudo": _Wrapper(
        _flags(
            "-C --close-from -D --chdir -g --group -h --host -p --prompt -R --chroot -r --role -T --command-timeout"
            " -t --type -U --other-user -u --user"
        ),
        assigns=True,
        instead=_flags("-e --edit -l --list -V --version -v --validate -K --remove-timestamp"),
    ),
    "taskset": _Wrapper(operands=1, instead=_flags("-p --pid")),
    "time": _Wrapper(_flags("-f --format -o --output"), assigns=True),
    "timeout": _Wrapper(_flags("-k --kill-after -s --signal"), 1),
    "tini": _Wrapper(_flags("-p -e")),
    "xargs": _Wrapper(
        _flags(
            "-a --arg-file -d --delimiter -E -I -L --max-lines -n --max-args -P --max-procs --process-slot-var"
            " -s --max-chars"
        )
    ),
}


def base_name(command: Command) -> str:
    """The name of a command without its directory; empty if it is not known."""
    name = command.name
    return name.rpartition("/")[2] if name else ""


def unwrapped(command: Command) -> Command:
    """The innermost command that is run; the command itself if it is no wrapper.

    `sudo env A=b nice -n 5 apt-get update` gives `apt-get update` with the assignment. Arguments added by xargs are
    missing.
    """
    return chain(command)[-1]


def chain(command: Command) -> tuple[Command, ...]:
    """The command as written, the command it runs, the command that one runs, and so on."""
    found = [command]
    while len(found) <= DEEPEST:
        inner = _inner(found[-1])
        if inner is None:
            break
        found.append(inner)
    return tuple(found)


def _inner(command: Command) -> Command | None:
    """The command that a wrapper runs, if the script contains it."""
    wrapper = _WRAPPERS.get(base_name(command))
    if wrapper is None:
        return None
    given = options(command, wrapper.with_value, mixed=False)
    words = list(given.operands)
    if given.has(*wrapper.instead) or (wrapper.only and not given.has(*wrapper.only)):
        return None
    if words and words[0].text == "-":
        del words[0]
    assignments: list[Assignment] = []
    while wrapper.assigns and words and (found := assigned(words[0])):
        assignments.append(found)
        del words[0]
    words = words[wrapper.operands :]
    if not words:
        return None
    return command.replace(
        words=tuple(words),
        assignments=(*command.assignments, *assignments),
        start=(assignments or words)[0].start,
    )


def assigned(word: ShellWord) -> Assignment | None:
    """A word `name=value` as an assignment."""
    first = word.parts[0]
    name, equals, _ = first.value.partition("=") if type(first) is Literal else ("", "", "")
    value = word.after(len(name) + 1) if equals and name.isidentifier() and name.isascii() else None
    return None if value is None else Assignment(name, value, word.start, word.end)
