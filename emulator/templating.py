"""Go templates in container specs."""

from collections.abc import Mapping

from emulator.findings import Findings
from grammar.notes import Path


def checked(text: str, path: Path, service_labels: Mapping[str, str], findings: Findings) -> str:
    """The text."""
    return text
