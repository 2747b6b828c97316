"""Every command and where it is; each is loaded when it is called, so that none pays for the others.

Short words as compose users type them, and docker's own words in groups. `verbs.py` makes typer's commands of it.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

Verbs = Mapping[str, "str | Group"]
ALIASES = {"list": "ls", "remove": "rm"}
"""Docker's second names of its words, in every group."""


class Group(dict[str, str]):
    """Docker's words of one kind: what follows `stackferry service`, say, and the line of help."""

    def __init__(self, summary: str, verbs: Mapping[str, str], aliases: Mapping[str, str] | None = None) -> None:
        super().__init__(verbs)
        self.summary, self.aliases = summary, {**ALIASES, **(aliases or {})}


PAYLOADS = {word: word for word in ("create", "inspect", "ls", "rm")}

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
    "doctor": "doctor:doctor",
    "version": "version:version",
    # Docker's words.
    "stack": Group(
        "Deploy and list stacks, as `docker stack` does.",
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
        "Manage services, as `docker service` does.",
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
        "Run the stack on any Kubernetes cluster.",
        {word: f"kube:{word}" for word in ("down", "plan", "status", "up", "urls")},
    ),
    "minikube": Group(
        "Run the stack on minikube; its machine is created if needed.",
        {word: f"minikube:{word}" for word in ("down", "plan", "status", "up", "urls")},
    ),
    "job": Group(
        "Run and list jobs.",
        {"logs": "job:logs", "ls": "job:ls", "run": "run:run", "runs": "job:runs"},
    ),
    "manager": Group(
        "Start and stop the background process that manages a stack.",
        {word: f"manager:{word}" for word in ("run", "start", "stop", "unit")},
    ),
    "node": Group(
        "Manage virtual nodes, as `docker node` does.",
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
        "Answer `docker swarm`: swarm mode is not needed here.",
        {"init": "swarm:INIT", "join": "swarm:JOIN", "join-token": "swarm:JOIN_TOKEN", "leave": "swarm:LEAVE"},
    ),
    "secret": Group(
        "Manage secrets for all stacks, as `docker secret` does.", {word: f"payload:secret_{word}" for word in PAYLOADS}
    ),
    "configs": Group(
        "Manage configs for all stacks; `config ls` works, too.",
        {word: f"payload:config_{word}" for word in PAYLOADS},
    ),
}

COMMAND_LINES = frozenset(("exec", "create", "run"))
"""What follows the first argument is somebody else's command line, options and all."""


SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Convert": ("convert", "explain", "config"),
    "Run": ("up", "down", "plan", "run", "start", "stop", "restart", "wait"),
    "Inspect": ("ps", "services", "ls", "logs", "inspect", "events", "stats", "top", "port", "images", "webnet"),
    "Change": ("scale", "update", "rollback", "exec", "attach", "cp", "kill", "pause", "unpause", "rm"),
    "Cluster": ("minikube", "kube"),
    "Lint": ("lint",),
    "Images": ("build", "pull", "push"),
    "Docker's commands": ("stack", "service", "node", "secret", "configs", "job", "swarm"),
    "This machine": ("doctor", "manager", "version"),
}
"""The order of the help: what each command is for."""


class Named(NamedTuple):
    """A command that a line names: its words as they are in the table, what it is, and the words that follow."""

    words: tuple[str, ...]
    command: Any
    rest: Sequence[str]


def named(line: Sequence[str], verbs: Verbs = VERBS, aliases: Mapping[str, str] | None = None) -> Named | None:
    """The command that a line begins with, loaded; None if it begins with none."""
    if not line:
        return None
    word = (aliases or {}).get(line[0], line[0])
    found = verbs.get(word)
    if isinstance(found, Group):
        inner = named(line[1:], found, found.aliases)
        return inner and inner._replace(words=(word, *inner.words))
    return None if found is None else Named((word,), loaded(found), line[1:])


def loaded(place: str) -> Any:
    """What the table names: a function, or a table of options."""
    module, _, name = place.partition(":")
    return getattr(import_module(f"stackferry.commands.{module}"), name)
