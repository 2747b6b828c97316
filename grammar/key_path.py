"""Paths of keys: `services.web.ports[0].target`, as tuples and as people read them."""

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """A path as people read it: `services.web.ports[0].target`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
