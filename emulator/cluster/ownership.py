"""Whose a network or a volume is: a stack's own only by the stack's label, whatever it is called. Pure.

What carries another label or none is somebody else's: it is never removed. A network of his is refused, for tasks
would come to be among his containers; a volume of his is used, for its data is what the user wants.
"""

from collections.abc import Mapping

from stackferry.emulator.cluster.labels import NAMESPACE, STACK

PROJECT = "com.docker.compose.project"
"""The label of docker compose."""

Labels = Mapping[str, str]


def is_own(labels: Labels, stack: str) -> bool:
    """Whether the stack made it, be it long ago: everything that we ever made has this label."""
    return labels.get(STACK) == stack


def origin_of(labels: Labels) -> str:
    """Where something that is not the stack's own comes from; a message says its name before."""
    if STACK in labels:
        return f"belongs to the stack {labels[STACK]}"
    if PROJECT in labels:
        return f"was created by docker compose for the project {labels[PROJECT]}"
    if NAMESPACE in labels:
        return f"was created by docker for the stack {labels[NAMESPACE]}"
    return "was not created by stackferry"


def network_in_the_way(name: str, labels: Labels, key: str = "") -> tuple[str, str]:
    """Message and hint for a network that has the name of one of the stack's; `key`: what the file calls that."""
    hint = f"remove it first: `{_removal(name, labels)}`"
    if key:
        hint += (
            f"; or use it as it is: `{_external('networks', key, name)}`; or give the stack's network another `name:`"
        )
    return f"network {name} already exists, and {origin_of(labels)}", hint


def volume_in_use(name: str, labels: Labels, key: str) -> tuple[str, str]:
    """Message and hint for a volume that is used as if it were the stack's."""
    return (
        f"volume {name} already exists, and {origin_of(labels)}: the stack uses it, and `down -v` does not remove it",
        (
            f"if this is intended, declare it: `{_external('volumes', key, name)}`; for a volume of its"
            " own, give it another `name:`"
        ),
    )


def left(kind: str, name: str, labels: Labels) -> str:
    """What `down` says of something that it does not remove."""
    return f"{kind} {name} stays: it {origin_of(labels)}"


def _external(section: str, key: str, name: str) -> str:
    return f"{section}: {{{key}: {{name: {name}, external: true}}}}"


def _removal(name: str, labels: Labels) -> str:
    if STACK in labels:
        return f"stackferry -p {labels[STACK]} down"
    if PROJECT in labels:
        return f"docker compose -p {labels[PROJECT]} down"
    if NAMESPACE in labels:
        return f"docker stack rm {labels[NAMESPACE]}"
    return f"docker network rm {name}"
