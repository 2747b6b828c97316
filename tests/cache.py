"""The cache for test data that is expensive and depends only on its sources: outside the tree, for all clones."""

import os
import tempfile
from pathlib import Path


def folder() -> Path:
    """`$XDG_CACHE_HOME/stackferry`, by default below `~/.cache`; it need not exist."""
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "stackferry"


def write(path: Path, content: str) -> None:
    """Write a file by renaming, because two processes may make the same one at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as stream:
        stream.write(content)
    os.replace(stream.name, path)
