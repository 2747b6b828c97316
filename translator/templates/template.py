"""One swarm template as text and fields: text is the same for all tasks, a field differs."""

from enum import Enum

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex

OF_SWARM = regex(r"\{\{[^}]*\.(Service|Task|Node)\b")
"""A text that is meant for a swarm, whether or not it can be filled in."""


class Field(Enum):
    """Values that only a pod knows: its slot, its id, its node, the node's architecture."""

    SLOT = "SLOT"
    TASK = "TASK"
    NODE = "NODE"
    ARCHITECTURE = "ARCHITECTURE"


@dataclass(frozen=True, slots=True)
class Template:
    """A text in parts. `by_id`: it refers to the service by its id; the name replaces that."""

    parts: tuple[str | Field, ...]
    by_id: bool = False

    def of_slot(self, slot: int) -> str:
        """The text for one task, of a template without other fields."""
        return "".join(str(slot) if isinstance(part, Field) else part for part in self.parts)

    @property
    def fields(self) -> frozenset[Field]:
        """The fields in it."""
        return frozenset(part for part in self.parts if isinstance(part, Field))

    @property
    def text(self) -> str | None:
        """The whole text; None if a field is in it."""
        return None if self.fields else "".join(part for part in self.parts if isinstance(part, str))
