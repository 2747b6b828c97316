"""Makes the copies that are due: reads the state of a claim, sends missing files, and runs the move into place.

An interrupted copy goes on in the next run: files that have arrived stay, and are not sent again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.client import Client
from stackferry.translator.cluster.copying import moves, scripts, states
from stackferry.translator.cluster.copying.archive import Member, archive, length, text
from stackferry.translator.cluster.copying.difference import Changes, State, asked_about, changes, merged
from stackferry.translator.cluster.copying.due import ANNOTATION, IN_USE, Due, size
from stackferry.translator.cluster.copying.entries import FILE, NONE, Entry, Listing, parsed
from stackferry.translator.cluster.copying.helper_pods import HelperPods
from stackferry.translator.cluster.copying.host_folder import PIECE, CopyError, HostFolder
from stackferry.translator.cluster.exec import Caller, Container, Output, execute
from stackferry.translator.cluster.resources import path
from stackferry.translator.volumes.filling.copies import Rule

MERGE_PATCH = "application/merge-patch+json"
_MANAGER = "stackferry-copy"
"""The field manager of the checksum: an apply of the stack does not remove it."""
_FULL = "No space left"
_OFTEN = 2.0
"""Seconds between two lines of progress."""


class Cluster(Client, Caller, Protocol):
    """A cluster that answers requests and can run programs in pods."""


class There(NamedTuple):
    """What a claim has: whether its data is empty, and the checksum of the last copy, None if there was none."""

    is_used: bool
    base: Listing | None


@dataclass(slots=True)
class Transfer:
    """The copies of one stack. `told` gets lines of progress."""

    client: Cluster
    pods: HelperPods
    namespace: str
    clock: Callable[[], float]
    told: Callable[[str], None]

    def make(self, every: Sequence[Due]) -> None:
        """Make all copies. Raises CopyError, or ClusterError if the cluster refuses."""
        self.pods.clear()
        try:
            places = [self.pods.make(one) for one in every]
            for due, place in zip(every, places, strict=True):
                self.pods.await_start(place, due.copy.claim)
                self._copy(due, place)
        finally:
            self.pods.remove()

    def _copy(self, due: Due, place: Container) -> None:
        copy, checksum = due.copy, due.listing.checksum()
        there = self._there(place, scripts.staging(checksum))
        if there.is_used and there.base is None and copy.rule is not Rule.MIRROR:
            self._run(place, scripts.NOTHING_NEW)
            self._mark(copy.claim, IN_USE)
            self.told(f"the claim {copy.claim} already holds data: {copy.shown} is not copied into it")
            return
        found = self._wanted(due, place, there)
        kept = len(found.kept)
        if found.is_empty:
            self._run(place, scripts.NOTHING_NEW)
        else:
            self._send(due.here, found, place)
            kept += self._run(place, scripts.FINISH).out.split().count(b"kept")
        self._mark(copy.claim, checksum)
        self.told(f"{copy.shown} is in the claim {copy.claim}{_summary(found, kept)}")

    def _there(self, place: Container, staging: str) -> There:
        first, _, rest = self._run(place, scripts.BEGIN, staging).out.partition(b"\n")
        word, _, base = rest.partition(b"\n")
        return There(first.decode() == scripts.USED, parsed(base) if word == b"base" else None)

    def _wanted(self, due: Due, place: Container, there: There) -> Changes:
        if there.base is not None and due.copy.rule is Rule.ONCE:
            return Changes()
        found = changes(there.base or NONE, due.listing)
        if there.base is None or due.copy.rule is Rule.MIRROR or found.is_empty:
            return found
        return merged(found, there.base, self._states(place, asked_about(found)))

    def _states(self, place: Container, paths: Sequence[str]) -> Mapping[str, State]:
        """The states of these paths, with the services' changes."""
        script = states.looked(paths)
        said = self._run(place, scripts.LOOK, str(len(script)), stdin=in_pieces([script]))
        try:
            return states.states(paths, said.out.decode())
        except ValueError as error:
            raise CopyError("a service changed its files while they were compared", "run it again") from error

    def _send(self, here: HostFolder, found: Changes, place: Container) -> None:
        copy, checksum = here.copy, here.listing.checksum()
        staging = scripts.staging(checksum)
        arrived = _sizes(self._run(place, scripts.STAGED, staging).out)
        files = [one for one in found.put if one.kind == FILE]
        missing = [one for one in found.put if one.kind != FILE or arrived.get(one.path) != one.size]
        owner = f"{copy.owner.user}:{copy.owner.group}" if copy.owner is not None else ""
        members = [
            text("next", here.listing.text()),
            text("sums", moves.sums(files)),
            text("verify", moves.verifying(files, checksum)),
            text("apply", moves.applying(found, checksum, owner, in_place=not copy.is_folder)),
            Member(staging, Entry("", "folder", 0o755)),
            *(_member(one, here, f"{staging}/{one.path}") for one in missing),
        ]
        total = length(members)
        sent = self._shown(copy.shown, total, in_pieces(archive(members)))
        self._run(place, scripts.RECEIVE, str(total), stdin=sent)

    def _shown(self, shown: str, total: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces; the number of bytes so far is reported now and then."""
        done, last = 0, self.clock()
        for piece in pieces:
            yield piece
            done += len(piece)
            if self.clock() - last >= _OFTEN and done < total:
                last = self.clock()
                self.told(f"{shown}: {size(done)} of {size(total)}")

    def _run(self, place: Container, script: str, *args: str, stdin: Iterable[bytes] | None = None) -> Output:
        found = execute(self.client, place, ["sh", "-c", script, "copy", *args], stdin)
        if found.code == 0:
            return found
        said = (found.err.strip() or found.out.decode("utf-8", "replace").strip()).replace("\n", "; ")
        if _FULL in said:
            raise CopyError(
                f"the claim is full: {said}", "request more with --volume-size, if the claim can be expanded"
            )
        if found.code == 4:
            raise CopyError(f"the copy was corrupted in transit: {said}", "run it again")
        raise CopyError(f"the copy failed in Pod/{place.pod}: {said or f'exit code {found.code}'}", "run it again")

    def _mark(self, claim: str, value: str) -> None:
        where = path("PersistentVolumeClaim", self.namespace, claim)
        body = {"metadata": {"annotations": {ANNOTATION: value}}}
        what = f"mark the claim {claim}"
        self.client.request("PATCH", where, body=body, form=MERGE_PATCH, what=what, fieldManager=_MANAGER)


def _member(entry: Entry, here: HostFolder, name: str) -> Member:
    member = Member(name, entry, owner=lambda: here.owner(entry), time=lambda: here.time(entry))
    return replace(member, content=lambda: here.content(entry)) if entry.kind == FILE else member


def _sizes(said: bytes) -> Mapping[str, int]:
    """The sizes of files by path, as `STAGED` prints them. A name that contains a newline is skipped."""
    lines = (line.partition(" ") for line in said.decode("utf-8", "surrogateescape").split("\n"))
    return {name.removeprefix("./"): int(number) for number, _, name in lines if number.isdecimal()}


def _summary(found: Changes, kept: int) -> str:
    files = [one for one in found.put if not one.is_folder]
    words = [f"{len(files)} copied ({size(sum(one.size for one in files))})"] if files else []
    words += [f"{len(found.gone)} removed"] if found.gone else []
    words += [f"{kept} kept as the service has changed them"] if kept else []
    return f": {', '.join(words)}" if words else ""


def in_pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of `PIECE`, so that small files share a message."""
    held = bytearray()
    for part in parts:
        held += part
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)
