"""Calls of package managers in a script: the manager, its action, its options and operands.

A table says for each manager how its command line is read: the words that name an action, and the options that take
a value. Rules ask for the calls of a step and check options and operands; no rule parses a command line itself.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.commands import Argument, Invocation
    from stackferry.grammar.dockerfile.facts.step import Step


class Manager(NamedTuple):
    """How a package manager's command line is read. `family` is its name in rules.

    `valued` are options that take the next word as their value; `actions` maps an action to its name in rules.
    """

    family: str
    actions: Mapping[str, str]
    valued: frozenset[str] = frozenset()


class PackageCall(NamedTuple):
    """One call: `apt-get -qq install -y curl`. `action` is the rules' name for it (install, update, clean …).

    `options` maps all options, in order and by their written names, to their values (None if they have none);
    `operands` are the arguments after the action. `action_argument` is the word that names the action.
    """

    invocation: "Invocation"
    family: str
    program: str
    action: str
    options: Mapping[str, str | None]
    operands: "tuple[Argument, ...]"
    action_argument: "Argument"

    @property
    def wrapped(self) -> bool:
        """Whether another program runs it: `sudo`, `env`, `xargs`."""
        return self.invocation.unwrapped is not self.invocation

    def has(self, *options: str) -> bool:
        """Whether any of the options is given."""
        return any(option in self.options for option in options)


def _same(*actions: str, **others: str) -> dict[str, str]:
    return {**{action: action for action in actions}, **others}


_APT = Manager(
    "apt",
    {
        **_same("install", "update", "upgrade", "remove", "purge", "autoremove", "clean", "autoclean", "download"),
        **_same("source", "list", "search", "show", "reinstall", "satisfy"),
        "build-dep": "build-dep",
        "distclean": "dist-clean",
        "dist-clean": "dist-clean",
        "dist-upgrade": "dist-upgrade",
        "full-upgrade": "dist-upgrade",
    },
    frozenset(("-o", "--option", "-t", "--target-release", "--default-release", "-c", "--config-file", "-a")),
)
_YUM = Manager(
    "yum",
    {
        **_same("install", "update", "upgrade", "remove", "clean", "makecache", "reinstall", "downgrade", "swap"),
        "erase": "remove",
        "localinstall": "install",
        "groupinstall": "group-install",
        "builddep": "build-dep",
        "module": "module",
        "group": "group-install",
        "distro-sync": "dist-upgrade",
    },
    frozenset(
        ("-c", "-d", "-e", "-x", "--config", "--installroot", "--enablerepo", "--disablerepo", "--exclude", "--setopt")
    )
    | {"--releasever", "--repo", "--repoid", "--forcearch"},
)

MANAGERS: Mapping[str, Manager] = {
    "apt-get": _APT,
    "apt": _APT,
    "aptitude": _APT,
    "yum": _YUM,
    "dnf": _YUM._replace(family="dnf"),
    "dnf5": _YUM._replace(family="dnf"),
    "microdnf": _YUM._replace(family="microdnf"),
    "zypper": Manager(
        "zypper",
        {
            **_same("install", "update", "remove", "clean", "refresh", "patch"),
            "in": "install",
            "up": "update",
            "rm": "remove",
            "source-install": "install-source",
            "si": "install-source",
            "cc": "clean",
            "ref": "refresh",
            "dist-upgrade": "dist-upgrade",
            "dup": "dist-upgrade",
        },
        frozenset(("-R", "--root", "-r", "--repo", "--from", "-t", "--type", "-C", "--cache-dir", "-p", "--plus-repo")),
    ),
    "apk": Manager(
        "apk",
        {**_same("add", "update", "upgrade", "del", "fetch", "cache"), "fix": "fix"},
        frozenset(("-t", "--virtual", "-X", "--repository", "-p", "--root", "--repositories-file", "--cache-dir"))
        | {"--arch", "--keys-dir", "--wait", "--progress-fd", "--cache-max-age", "--timeout"},
    ),
    "pip": Manager(
        "pip",
        _same("install", "download", "uninstall", "wheel", "cache"),
        frozenset(
            ("-c", "--constraint", "-r", "--requirement", "-e", "--editable", "-t", "--target", "-i", "--index-url")
        )
        | {"--extra-index-url", "-f", "--find-links", "--platform", "--python-version", "--implementation", "--abi"}
        | {"--root", "--prefix", "-b", "--build", "--src", "--upgrade-strategy", "--install-option", "--global-option"}
        | {"--no-binary", "--only-binary", "--progress-bar", "--proxy", "--timeout", "--retries", "--trusted-host"}
        | {"--cert", "--client-cert", "--cache-dir", "--log", "--python", "--report", "--config-settings", "-C"}
        | {"--group", "--hash", "--build-constraint"},
    ),
    "npm": Manager(
        "npm",
        {**_same("install", "ci", "update", "uninstall", "cache", "run"), "i": "install", "add": "install"},
        frozenset(("--prefix", "--registry", "--cache", "--loglevel", "--tag", "--userconfig", "--omit", "--include")),
    ),
    "yarn": Manager(
        "yarn",
        _same("install", "add", "global", "cache", "run"),
        frozenset(("--cache-folder", "--cwd", "--modules-folder", "--registry", "--network-timeout", "--mutex")),
    ),
    "gem": Manager(
        "gem",
        {**_same("install", "update", "uninstall"), "i": "install"},
        frozenset(("-v", "--version", "-i", "--install-dir", "-n", "--bindir", "-s", "--source", "--platform", "-p"))
        | {"-P", "--trust-policy", "--build-root"},
    ),
    "go": Manager("go", _same("install", "get", "build", "mod", "run"), frozenset(("-C", "-o", "-tags", "-ldflags"))),
}


def package_calls(step: "Step", *families: str) -> Iterator[PackageCall]:
    """The calls in all scripts of a step, in order; only those of `families`, if any are given."""
    return (call for call in step.package_calls if not families or call.family in families)


def calls_of_managers(step: "Step") -> tuple[PackageCall, ...]:
    """All calls in the scripts of a step, in source order."""
    scripts = step.scripts
    found = [
        call for script in scripts for invocation in script.commands if (call := package_call(invocation)) is not None
    ]
    if len(scripts) > 1:
        found.sort(key=_start)
    return tuple(found)


def _start(call: PackageCall) -> int:
    return call.invocation.first.start


def package_call(invocation: "Invocation") -> PackageCall | None:
    """The call in a command, also behind `sudo`, `env` and the like; None if it is no such call."""
    command = invocation.unwrapped
    program, arguments = command.program, command.arguments
    if program.startswith("python") and len(arguments) > 1 and arguments[0].value == "-m":
        program, arguments = str(arguments[1].value), arguments[2:]
    if program.startswith("pip") and program.removeprefix("pip").replace(".", "").isdecimal():
        program = "pip"
    manager = MANAGERS.get(program)
    if manager is None:
        return None
    reading = _Reading(manager)
    for argument in arguments:
        if not reading.take(argument):
            return None
    name = "" if reading.action is None else str(reading.action.value)
    if name not in manager.actions:
        return None
    return PackageCall(
        invocation,
        manager.family,
        program,
        manager.actions[name],
        reading.options,
        tuple(reading.operands),
        reading.action or invocation.first,
    )


class _Reading:
    """A partly read command line: options, then the action, then operands; options may stand anywhere."""

    def __init__(self, manager: Manager) -> None:
        self.manager = manager
        self.options: dict[str, str | None] = {}
        self.operands: list[Argument] = []
        self.action: Argument | None = None
        self._waiting = ""
        self._ended = False

    def take(self, argument: "Argument") -> bool:
        """Read one more argument; False if this is no known call."""
        value = argument.value
        if self._waiting:
            self.options[self._waiting] = value
            self._waiting = ""
        elif value == "--" and not self._ended:
            self._ended = True
        elif value is not None and value.startswith("-") and len(value) > 1 and not self._ended:
            self._waiting = _option(value, self.manager, self.options)
        elif self.action is not None:
            self.operands.append(argument)
        elif value in self.manager.actions:
            self.action = argument
        else:
            # The action is not in the table, or not known.
            return False
        return True


def _option(value: str, manager: Manager, options: dict[str, str | None]) -> str:
    """Record an option; returns its name if its value is in the next word, else empty text."""
    name, given, rest = value.partition("=")
    if given and value.startswith("--"):
        options[name] = rest
        return ""
    options[value] = None
    if value in manager.valued:
        return value
    if not value.startswith("--") and len(value) > 2:
        # `-qy` is `-q -y`; also kept whole, as some programs have such options.
        for at, letter in enumerate(value[1:], 2):
            options.setdefault(f"-{letter}", value[at:] or None if f"-{letter}" in manager.valued else None)
            if f"-{letter}" in manager.valued:
                return "" if value[at:] else f"-{letter}"
    return ""
