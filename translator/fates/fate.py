"""The value that the table of fates is made of, and the words in which the table is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from translator.notes import Kind


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one key: its kind, why, and where it goes.

    A place begins with a role (`workload`, `template`, `pod`, `container`, `service`, `published`,
    `aliases`, `claim`, `configs`, `secrets`, `environment`); then fields of the object follow, with
    `[name={key}]` to pick from a list; `{key}`, `{target}` and `{protocol}` come from the model.
    `places.py` looks the places up in the manifests that were made.
    """

    kind: Kind
    why: str
    places: tuple[str, ...] = ()


Section = Mapping[str, Fate]
"""Part of the table: key paths relative to the section, in the notation of `services.*.ports[].target`."""


def exact(*places: str, why: str = "means the same") -> Fate:
    """The key means the same on Kubernetes."""
    return Fate(Kind.EXACT, why, places)


def loaded(why: str) -> Fate:
    """The key has done its work when the model is made; nothing of it is left to translate."""
    return Fate(Kind.EXACT, f"resolved while loading: {why}")


def holder(why: str = "holds the keys below") -> Fate:
    """A section that means nothing by itself."""
    return Fate(Kind.EXACT, why)


def about(why: str, *places: str) -> Fate:
    """Approximated."""
    return Fate(Kind.APPROXIMATED, why, places)


def action(why: str, *places: str) -> Fate:
    """Needs action by the user."""
    return Fate(Kind.NEEDS_ACTION, why, places)


def nothing(why: str) -> Fate:
    """Not applicable: says nothing about the running stack."""
    return Fate(Kind.NOT_APPLICABLE, why)


def later(why: str) -> Fate:
    """Not yet supported."""
    return Fate(Kind.NOT_YET, why)
