"""`secret create` and `config create`: stores a payload for all stacks, from a file or standard input."""

import time
from collections.abc import Mapping
from dataclasses import field
from random import SystemRandom

from stackferry.deploy.admission import refuse_payload_name
from stackferry.emulator.cluster.ids import new_id
from stackferry.emulator.desired.payloads import PAYLOAD_LIMITS
from stackferry.emulator.store.user_payloads import StoredObject
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.lookup.payloads import StoredPayloads
from stackferry.session import Session


@dataclass(frozen=True, slots=True)
class NewPayload:
    """The payload to create. `kind`: `secret` or `config`. `source`: a file, or `-` for standard input.

    `template`: the driver that expands the content for each task, empty for none.
    """

    kind: str
    name: str
    source: str = "-"
    labels: Mapping[str, str] = field(default_factory=dict)
    template: str = ""


def create_payload(session: Session, asked: NewPayload) -> str:
    """Store the payload and return its id. Raises StackferryError for a bad or taken name and an empty secret."""
    kind, name = asked.kind, asked.name
    refuse_payload_name(name)
    if asked.source == "-":
        content = session.stdin()
    else:
        with open(asked.source, "rb") as stream:
            content = stream.read(PAYLOAD_LIMITS[kind] + 1)
    if not content and kind == "secret":
        raise StackferryError(
            f"error reading from {'STDIN' if asked.source == '-' else asked.source}: data is empty", ""
        )
    stored = StoredObject(kind, name, new_id(SystemRandom()), dict(asked.labels), asked.template, time.time())
    held = StoredPayloads(session)
    if any(other.name == name for other in held.all(kind)):
        raise StackferryError(f"{kind} {name} already exists", f"remove it first: stackferry {kind} rm {name}")
    held.shared.create(stored, content)
    return stored.id
