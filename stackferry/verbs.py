"""The commands of `verb_table.py` as typer commands, created on first use."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from stackferry.options.carried_click import Command, CompletionItem, Context, HelpFormatter, UsageError
from stackferry.options.declared import declared
from stackferry.options.docker_options import ALONE
from stackferry.options.for_typer import for_typer
from stackferry.options.option_table import Verb
from stackferry.options.switches import Command as DockerCommand
from stackferry.options.unsupported import HINTS
from stackferry.verb_table import ALIASES, COMMAND_LINES, PAYLOADS, SECTIONS, VERBS, Group, Verbs, loaded

HELP = {"help_option_names": ["-h", "--help"]}


class Commands(MutableMapping[str, Command]):
    """A mapping of names to commands, which are created on first use."""

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
    """A group of docker's commands (`service`, `stack`) with its aliases."""

    aliases: Mapping[str, str] = ALIASES

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command with a name or an alias."""
        return super().get_command(ctx, self.aliases.get(cmd_name, cmd_name))

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002 - as typer calls it
        """The list of commands."""
        _list(formatter, "Commands", self.commands, [*self.commands])


class RootGroup(TyperGroup):
    """All commands, and the names of the commands that `cli.main` hands on to docker."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Commands(VERBS)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Find the command: `config ls` is docker's, unless a service of the stack is called `ls`."""
        if args and args[0] in HINTS:
            raise UsageError(f"No such command '{args[0]}': {HINTS[args[0]]}", ctx)
        if args and args[0] in ALONE:
            # Without our options before it, the line would have been handed on to docker earlier.
            raise UsageError(f"`{args[0]}` is passed to docker: do not put stackferry options before it", ctx)
        name, command, rest = super().resolve_command(ctx, args)
        if name == "config" and rest and ALIASES.get(rest[0], rest[0]) in PAYLOADS:
            from copy import copy

            from stackferry.lookup.stacks import may_be_service

            # The root's function, which stores these options in the session, runs only after this.
            files, directory = ctx.params.get("file") or (), ctx.params.get("project_directory")
            session = copy(ctx.obj)
            session.stack = session.stack._replace(files=tuple(files), project_directory=directory)
            if not may_be_service(session, rest[0]):
                return name, self.commands["configs"], rest
        return name, command, rest

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002 - as typer calls it
        """The list of commands in sections by purpose."""
        for title, words in SECTIONS.items():
            _list(formatter, title, self.commands, words)

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Completions, which include docker's own commands."""
        words = (word for word in sorted(ALONE) if word.startswith(incomplete))
        return super().shell_complete(ctx, incomplete) + [CompletionItem(word, help="Docker's own.") for word in words]


def _list(formatter: HelpFormatter, title: str, commands: Mapping[str, Command], words: Sequence[str]) -> None:
    """A section of the help: each command with the first line of its help."""
    wide = max(len(word) for word in (*VERBS, *words))
    rows = [(word.ljust(wide), (commands[word].help or "").partition("\n")[0]) for word in words]
    with formatter.section(title):
        formatter.write_dl(rows)


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
    found = loaded(verb)
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    app.command(
        name, cls=DockerCommand, context_settings={**HELP, "allow_interspersed_args": name not in COMMAND_LINES}
    )(declared(found) if isinstance(found, Verb) else for_typer(found))
    made = typer.main.get_command(app)
    made.name = name
    return made
