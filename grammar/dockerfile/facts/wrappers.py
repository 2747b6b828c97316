"""Programs that run another one: `sudo apt-get …` is a call of apt-get, `sh -c '…'` hands on a script.

A table says which options of each take a value, and how many words stand before the command.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.dockerfile.facts.shells import dialect, program

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.commands import Argument


class Wrapper(NamedTuple):
    """`valued`: options that take the next word. `before`: words before the command (`timeout 5 make`: one)."""

    valued: frozenset[str] = frozenset()
    before: int = 0
    assignments: bool = False


def _options(letters: str, *long: str) -> frozenset[str]:
    return frozenset((*(f"-{letter}" for letter in letters), *long))


WRAPPERS: Mapping[str, Wrapper] = {
    "sudo": Wrapper(_options("ughpCrtTUDR", "--user", "--group", "--host", "--prompt", "--chdir"), assignments=True),
    "doas": Wrapper(_options("uC")),
    "env": Wrapper(_options("uCS", "--unset", "--chdir"), assignments=True),
    "exec": Wrapper(_options("a")),
    "command": Wrapper(),
    "builtin": Wrapper(),
    "time": Wrapper(_options("fo")),
    "nice": Wrapper(_options("n", "--adjustment")),
    "ionice": Wrapper(_options("cnpPu", "--class", "--classdata")),
    "nohup": Wrapper(),
    "setsid": Wrapper(),
    "stdbuf": Wrapper(_options("ioe")),
    "timeout": Wrapper(_options("ks", "--kill-after", "--signal"), before=1),
    "xargs": Wrapper(_options("adEIiLlnPsd", "--max-args", "--max-procs", "--arg-file", "--delimiter")),
    "chroot": Wrapper(_options("", "--userspec", "--groups"), before=1),
    "busybox": Wrapper(),
    "eatmydata": Wrapper(),
    "gosu": Wrapper(before=1),
    "su-exec": Wrapper(before=1),
    "fakeroot": Wrapper(_options("lsibuS")),
    "catchsegv": Wrapper(),
    "unshare": Wrapper(),
    "linux32": Wrapper(),
}
_DEEPEST = 8


def inner_command(arguments: "Sequence[Argument]") -> int:
    """The place of the command that wrappers run, in a command's words; 0 if it is none, -1 if that is not known."""
    at = 0
    for _ in range(_DEEPEST):
        wrapper = WRAPPERS.get(program(arguments[at].value or "")) if at < len(arguments) else None
        if wrapper is None:
            return at if at < len(arguments) else -1
        inner = _after(arguments, at + 1, wrapper)
        if inner >= len(arguments):
            return at
        at = inner
    return at


def _after(arguments: "Sequence[Argument]", at: int, wrapper: Wrapper) -> int:
    """The place of the command behind a wrapper's own options and words."""
    left = wrapper.before
    while at < len(arguments):
        value = arguments[at].value
        if value is None:
            return at
        if value == "--":
            at += 1
        elif value.startswith("-") and len(value) > 1:
            at += 2 if value in wrapper.valued else 1
        elif wrapper.assignments and "=" in value and value.partition("=")[0].isidentifier():
            at += 1
        elif left:
            left -= 1
            at += 1
        else:
            return at
    return at


def shell_string(arguments: "Sequence[Argument]") -> "Iterator[tuple[Argument, str, str]]":
    """The script of `sh -c '…'`, `bash -ec "…"`, `su -c '…' user`: (its argument, the shell, the shell's options)."""
    if not arguments:
        return
    name = program(arguments[0].value or "")
    if not dialect(name) and name not in ("su", "runuser"):
        return
    options: list[str] = []
    for at, argument in enumerate(arguments[1:], 1):
        value = argument.value or ""
        if value in ("-o", "+o", "-O") or (options and options[-1].endswith("o") and options[-1].startswith("-")):
            options.append(value)
        elif value == "--command" or (value.startswith("-") and not value.startswith("--") and value.endswith("c")):
            options.append(value)
            if at + 1 < len(arguments):
                yield arguments[at + 1], "sh" if name in ("su", "runuser") else name, " ".join(options)
            return
        elif value.startswith("-"):
            options.append(value)
        elif name not in ("su", "runuser"):
            return
