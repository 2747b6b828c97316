"""Files of this machine that are copied into the claims for its folders and files, and the rule for each copy.

Decided here, from the mounts; done by whoever applies the manifests, if they set `Options.copies`: the pods then wait
for a marker in the claim. Otherwise an object seeds the claim, or it is filled by hand.
"""

from collections.abc import Iterable, Mapping
from enum import Enum

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.host import Host, Skip
from stackferry.translator.image_facts.databases import has_server_data, holds_data
from stackferry.translator.image_facts.identity import Identity
from stackferry.translator.volumes.filling.filling import Filling, Held
from stackferry.translator.volumes.filling.scripts import AWAIT_COPY, CLAIM
from stackferry.translator.volumes.mounts import PodVolumes


class Rule(Enum):
    """What happens to a copy when the folder here changes; the value completes "is copied into the claim: "."""

    MIRROR = "each up copies what has changed on this machine"
    MERGE = "each up copies what has changed on this machine, except files that the service has changed itself"
    ONCE = "only while the claim is empty, because it holds a database's data"


@dataclass(frozen=True, slots=True)
class Copy:
    """One folder or file of this machine that goes into a claim; `shown` is its path as shown to people.

    `name` is the name of a file in the claim, empty for a folder. `owner`: the owner of the copies; None: each file
    keeps its owner here. Paths for which `skip` is true, relative to the folder, are not copied: `left_out` says so in
    words.
    """

    claim: str
    source: str
    shown: str
    name: str
    rule: Rule
    owner: Identity | None
    skip: Skip
    left_out: tuple[str, ...] = ()

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, not a single file."""
        return not self.name

    def __str__(self) -> str:
        without = f" without {' and '.join(self.left_out)}" if self.left_out else ""
        return f"{self.shown} is copied into the claim {self.claim}{without}: {self.rule.value}"


def rule_of(source: str, uses: Iterable[tuple[Service, Mount]], host: Host, *, written: bool) -> Rule:
    """The rule for a path with the mounts `uses`; `written`: some of them may write to it."""
    if not written:
        return Rule.MIRROR
    holds = any(holds_data(service, mount.target, host) for service, mount in uses)
    return Rule.ONCE if holds or has_server_data(source, host) else Rule.MERGE


def wait_for_copy(claim: str, pod: PodVolumes) -> None:
    """Have the pod's containers wait until the claim is filled."""
    volume = pod.name(claim, {"persistentVolumeClaim": {"claimName": claim}})
    held = (Held(volume, CLAIM, read_only=True),)
    pod.fill(Filling(f"await-{claim}", AWAIT_COPY, (claim,), held, as_root=False))


Copies = Mapping[str, Copy]
"""By the path of the host."""
