"""Who owns a network or volume: the stack owns only what has the stack's label, whatever its name. Pure.

An object with another label or none belongs to somebody else and is never removed. Such a network is refused, because
tasks would be among foreign containers; such a volume is used, because its data is what the user wants.
"""

from collections.abc import Mapping

from stackferry.emulator.cluster.labels import NAMESPACE, STACK

PROJECT = "com.docker.compose.project"
"""The label of docker compose."""

Labels = Mapping[str, str]


def is_own(labels: Labels, stack: str) -> bool:
    """Whether the stack created it, however long ago: everything that we ever created has this label."""
    return labels.get(STACK) == stack


def origin_of(labels: Labels) -> str:
    """Where an object that is not the stack's own comes from; a message puts the object's name in front."""
    if STACK in labels:
        return f"belongs to the stack {labels[STACK]}"
    if PROJECT in labels:
        return f"was created by docker compose for the project {labels[PROJECT]}"
    if NAMESPACE in labels:
        return f"was created by docker for the stack {labels[NAMESPACE]}"
    return "was not created by stackferry"


def network_in_the_way(name: str, labels: Labels, key: str = "") -> tuple[str, str]:
    """Message and hint for a network with the name of one of the stack's; `key`: its name in the file."""
    hint = f"remove it first: `{_removal(name, labels)}`"
    if key:
        hint += (
            f"; or use it as it is: `{_external('networks', key, name)}`; or give the stack's network another `name:`"
        )
    return f"network {name} already exists, and {origin_of(labels)}", hint


def volume_in_use(name: str, labels: Labels, key: str) -> tuple[str, str]:
    """Message and hint for a volume that the stack uses although it does not own it."""
    return (
        f"volume {name} already exists, and {origin_of(labels)}: the stack uses it, and `down -v` does not remove it",
        (
            f"if this is intended, declare it: `{_external('volumes', key, name)}`; for a volume of its"
            " own, give it another `name:`"
        ),
    )


def left(kind: str, name: str, labels: Labels) -> str:
    """What `down` says of an object that it does not remove."""
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
