"""Notes on a path of the host that a claim replaces."""

from collections.abc import Callable

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.image_facts.identity import Identity
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.host_claims import HostPath
from stackferry.translator.volumes.binds.host_paths import Place
from stackferry.translator.volumes.filling.copy_commands import copy_file, copy_folder
from stackferry.translator.workload import resource


@dataclass(frozen=True, slots=True)
class Bind:
    """One bind mount in progress: the mount, the decision, and the name of its source in messages."""

    service: Service
    mount: Mount
    path: Path
    host: HostPath
    shown: str


def note_claim(bind: Bind, name: str, owner: Identity | None, stack: Stack, notes: Notes) -> None:
    """Say what the claim called `name` contains at first, and what the user has to do about it."""
    _NOTES[bind.host.decision.place](bind, name, owner, stack, notes)


def _note_seeded(bind: Bind, name: str, owner: Identity | None, stack: Stack, notes: Notes) -> None:
    contents = bind.host.decision.contents
    without = f" (without {' and '.join(contents.left_out)})" if contents.left_out else ""
    notes.approximated(
        bind.path,
        "kubernetes-seeded",
        (
            f"{bind.shown} is copied into the claim {name} while the claim is empty{without}; later"
            " changes are not synchronized"
        ),
        ""
        if bind.mount.read_only
        else "if the service only reads it, add :ro: then each convert includes the latest version",
    )


def _note_empty(bind: Bind, name: str, owner: Identity | None, stack: Stack, notes: Notes) -> None:
    message = f"{bind.shown} {bind.host.decision.why}; the claim {name} is used instead"
    notes.approximated(bind.path, "kubernetes-host-folder", message)


def _note_by_hand(bind: Bind, name: str, owner: Identity | None, stack: Stack, notes: Notes) -> None:
    decision = bind.host.decision
    shown = shown_from(bind.host.root, stack.project.directory)
    waits = "" if bind.host.is_folder else ", and the pod waits until the file exists"
    message = f"{shown} {decision.why}; the claim {name} is used instead, empty{waits}"
    workload = resource(stack.owner(bind.service), stack)
    if decision.is_folder:
        hint = copy_folder(shown, name, workload, owner, stack.options)
    else:
        hint = copy_file(shown, bind.host.in_claim, name, workload, owner, stack.options)
    notes.action(bind.path, "kubernetes-host-folder", message, hint)


def _note_foreign(bind: Bind, name: str, owner: Identity | None, stack: Stack, notes: Notes) -> None:
    notes.action(
        bind.path,
        "kubernetes-host-folder",
        f"{bind.shown} {bind.host.decision.why}; the claim {name} is used instead, empty",
        "declare the parts that the service needs in configs or secrets, or build them into the image",
    )


def shown_from(source: str, directory: str) -> str:
    """The path as people write it in the project's folder."""
    if source == directory:
        return "."
    inside = source.removeprefix(directory.rstrip("/") + "/")
    return source if inside == source else f"./{inside}"


_NOTES: dict[Place, Callable[[Bind, str, Identity | None, Stack, Notes], None]] = {
    Place.CLAIM: _note_seeded,
    Place.EMPTY: _note_empty,
    Place.HAND: _note_by_hand,
    Place.FOREIGN: _note_foreign,
}
