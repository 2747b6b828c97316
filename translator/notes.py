"""Notes of the translation about one use of a key. The values are `grammar/notes.py`'s.

Every pass reports into one `Notes`; a note overrides the table of `fates/` for the use at its path.
"""

from stackferry.grammar.key_path import Path
from stackferry.grammar.notes import SEVERITY, Kind, Note, Notes, diagnostics

__all__ = ["SEVERITY", "Kind", "Note", "Notes", "Path", "diagnostics"]
