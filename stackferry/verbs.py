"""Every command and where it is; each is loaded when it is called, so that none pays for the others.

Short words as compose users type them, and docker's own words in groups.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer._click.core import Command, Context  # typer carries click and has no public name for them
from typer._click.exceptions import UsageError
from typer._click.shell_completion import CompletionItem
from typer.core import TyperGroup

from stackferry.options.declared import declared
from stackferry.options.docker_options import ALONE
from stackferry.options.option_table import Verb
from stackferry.options.switches import Command as DockerCommand
from stackferry.options.unsupported import HINTS

Verbs = Mapping[str, "str | Group"]
ALIASES = {"list": "ls", "remove": "rm"}
"""Docker's second names of its words, in every group."""


class Group(dict[str, str]):
    """Docker's words of one kind: what follows `stackferry service`, say, and the line of help."""

    def __init__(self, summary: str, verbs: Mapping[str, str], aliases: Mapping[str, str] | None = None) -> None:
        super().__init__(verbs)
        self.summary, self.aliases = summary, {**ALIASES, **(aliases or {})}


_PAYLOADS = {word: word for word in ("create", "inspect", "ls", "rm")}

VERBS: Verbs = {
    # The stack as a file.
    "config": "config:config",
    "convert": "convert:convert",
    "explain": "explain:explain",
    "lint": "lint:VERB",
    "build": "build:build",
    "pull": "pull:pull",
    "push": "push:push",
    # The stack as it runs.
    "up": "up:up",
    "down": "down:down",
    "plan": "plan:plan",
    "run": "run:run",
    "ps": "ps:ps",
    "services": "services:services",
    "ls": "ls:ls",
    "logs": "logs:logs",
    "inspect": "inspect:inspect",
    "events": "events:events",
    "exec": "exec:exec_",
    "attach": "attach:attach",
    "top": "top:top",
    "port": "port:port",
    "cp": "cp:cp",
    "images": "images:images",
    "stats": "stats:stats",
    "webnet": "webnet:webnet",
    "wait": "wait:wait",
    "scale": "scale:scale",
    "rollback": "scale:rollback",
    "stop": "stop:stop",
    "start": "stop:start",
    "restart": "stop:restart",
    "kill": "kill:kill",
    "pause": "pause:pause",
    "unpause": "pause:unpause",
    "rm": "rm:rm",
    "update": "update:update",
    "manager": "manager:manager",
    "doctor": "doctor:doctor",
    "version": "version:version",
    # Docker's words.
    "stack": Group(
        "Stacks, in docker's words.",
        {
            "config": "stack_config:stack_config",
            "deploy": "stack_deploy:stack_deploy",
            "ls": "ls:stack_ls",
            "ps": "ps:stack_ps",
            "rm": "rm:stack_rm",
            "services": "services:stack_services",
        },
        {"up": "deploy", "down": "rm"},
    ),
    "service": Group(
        "Services, in docker's words.",
        {
            "create": "create:create",
            "inspect": "inspect:service_inspect",
            "logs": "logs:service_logs",
            "ls": "services:service_ls",
            "ps": "ps:service_ps",
            "rm": "rm:service_rm",
            "rollback": "scale:rollback",
            "scale": "scale:scale",
            "update": "update:update",
        },
    ),
    "kube": Group(
        "The stack on any cluster of a kubeconfig.",
        {word: f"kube:{word}" for word in ("down", "plan", "status", "up", "urls")},
    ),
    "minikube": Group(
        "The stack on minikube, whose machine is made as the stack needs it.",
        {word: f"minikube:{word}" for word in ("down", "plan", "status", "up", "urls")},
    ),
    "job": Group(
        "Jobs of the stack, by hand and by their schedules.",
        {"logs": "job:logs", "ls": "job:ls", "run": "run:run", "runs": "job:runs"},
    ),
    "node": Group(
        "Virtual nodes, in docker's words.",
        {
            "demote": "node:demote",
            "down": "node:down",
            "inspect": "inspect:node_inspect",
            "ls": "node:ls",
            "promote": "node:promote",
            "ps": "ps:node_ps",
            "rm": "node:rm",
            "up": "node:up",
            "update": "node:update",
        },
    ),
    "swarm": Group(
        "Answers to docker's words for swarm mode, which is not needed here.",
        {"init": "swarm:INIT", "join": "swarm:JOIN", "join-token": "swarm:JOIN_TOKEN", "leave": "swarm:LEAVE"},
    ),
    "secret": Group("Secrets for all stacks.", {word: f"payload:secret_{word}" for word in _PAYLOADS}),
    "configs": Group(
        "Configs for all stacks; `stackferry config ls` and the like are the same.",
        {word: f"payload:config_{word}" for word in _PAYLOADS},
    ),
}

HELP = {"help_option_names": ["-h", "--help"]}
COMMAND_LINES = frozenset(("exec", "create", "run"))
"""What follows the first argument is somebody else's command line, options and all."""


class Commands(MutableMapping[str, Command]):
    """Names to commands, made when asked for."""

    def __init__(self, verbs: Verbs) -> None:
        self._verbs = verbs
        self._made: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        if name not in self._made:
            self._made[name] = _made(name, self._verbs[name])
        return self._made[name]

    def __setitem__(self, name: str, command: Command) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._verbs)

    def __len__(self) -> int:
        return len(self._verbs)


class DockerGroup(TyperGroup):
    """Docker's words of one kind, with its aliases."""

    aliases: Mapping[str, str] = ALIASES

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of a word."""
        return super().get_command(ctx, self.aliases.get(cmd_name, cmd_name))


class RootGroup(TyperGroup):
    """All commands, and the names of those that `cli.main` hands to docker."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Commands(VERBS)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """The command that is meant: `config ls` is docker's, unless a service of the stack is called `ls`."""
        if args and args[0] in HINTS:
            raise UsageError(f"No such command '{args[0]}': {HINTS[args[0]]}", ctx)
        if args and args[0] in ALONE:
            # Without options of ours before it, the line would not have come this far.
            raise UsageError(f"`{args[0]}` is docker's: no option of stackferry may stand before it", ctx)
        name, command, rest = super().resolve_command(ctx, args)
        if name == "config" and rest and ALIASES.get(rest[0], rest[0]) in _PAYLOADS:
            from copy import copy

            from stackferry.lookup.stacks import may_be_service

            # The root's own function, which takes these in for good, runs only after this.
            files, directory = ctx.params.get("file") or (), ctx.params.get("project_directory")
            session = copy(ctx.obj)
            session.stack = session.stack._replace(files=tuple(files), project_directory=directory)
            if not may_be_service(session, rest[0]):
                return name, self.commands["configs"], rest
        return name, command, rest

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """What may follow: docker's words too."""
        words = (word for word in sorted(ALONE) if word.startswith(incomplete))
        return super().shell_complete(ctx, incomplete) + [CompletionItem(word, help="Docker's own.") for word in words]


def has_option(name: str, option: str) -> bool:
    """Whether a command has an option of that name: `has_option("run", "--no-deps")`."""
    return any(option in (*one.opts, *one.secondary_opts) for one in _made(name, VERBS[name]).params)


def _made(name: str, verb: "str | Group") -> Command:
    if isinstance(verb, Group):
        group = DockerGroup(
            name=name,
            help=verb.summary,
            rich_markup_mode=None,
            commands=Commands(verb),  # type: ignore[arg-type]
            no_args_is_help=True,
            context_settings=HELP,
        )
        group.aliases = verb.aliases
        return group
    module, _, function = verb.partition(":")
    found = getattr(import_module(f"stackferry.commands.{module}"), function)
    if isinstance(found, Verb):
        found = declared(found)
    if not isinstance(found, typer.Typer):
        app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
        app.command(
            name, cls=DockerCommand, context_settings={**HELP, "allow_interspersed_args": name not in COMMAND_LINES}
        )(found)
        found = app
    else:
        found.rich_markup_mode, found._add_completion, found.info.context_settings = None, False, HELP
    made = typer.main.get_command(found)
    made.name = name
    return made
