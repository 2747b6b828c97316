"""The short syntax of mounts: `[source:]target[:options]`, as compose-go's `format.ParseVolume`.

Used by `compose/phases/longform.py` and for `run -v`; for the target alone, by `compose/phases/unique.py`.
"""

from typing import Any

from stackferry.grammar.compose.syntax.short_forms import ShorthandError, clean

_SYNTAX = "a mount is written [source:]target[:options]"
_BIND_OPTIONS = {
    **dict.fromkeys(("rprivate", "private", "rshared", "shared", "rslave", "slave"), "propagation"),
    **dict.fromkeys(("z", "Z"), "selinux"),
}


def parse_mount(text: str) -> dict[str, Any]:
    """The mount in long syntax; raises ShorthandError."""
    if not text:
        raise ShorthandError("the mount is empty", _SYNTAX)
    if len(text.encode()) <= 2:
        return {"type": "volume", "target": text}
    parts = _sections(text)
    if "" in parts:
        raise ShorthandError(f"an empty section between colons in {text!r}", _SYNTAX)
    if len(parts) > 3:
        raise ShorthandError(f"too many colons in {text!r}", _SYNTAX)
    source, target = ("", parts[0]) if len(parts) == 1 else (parts[0], parts[1])
    mount: dict[str, Any] = {"type": "bind" if is_host_path(source) else "volume"}
    if source:
        mount["source"] = source
    mount["target"] = target
    mount.update(_options(parts[2] if len(parts) == 3 else ""))
    if mount["type"] == "bind":
        # With the short syntax, a missing host path is always created.
        mount["bind"] = {**mount.get("bind", {}), "create_host_path": True}
    else:
        mount.setdefault("volume", {})
    return mount


def cleaned(mount: dict[str, Any]) -> dict[str, Any]:
    """The mount with its target as the engine writes it: no `..`, no doubled slash."""
    return {**mount, "target": clean(mount["target"])}


def _options(text: str) -> dict[str, Any]:
    """The third section; Docker Compose ignores words that it does not know."""
    found: dict[str, Any] = {}
    for option in text.split(","):
        if option == "ro":
            found["read_only"] = True
        elif option == "rw":
            found.pop("read_only", None)
        elif option == "nocopy":
            found["volume"] = {"nocopy": True}
        elif option in _BIND_OPTIONS:
            found.setdefault("bind", {})[_BIND_OPTIONS[option]] = option
    return found


def _sections(text: str) -> list[str]:
    """The parts between colons; a colon after a drive letter or inside `${…}` does not separate."""
    parts, current, depth = [], "", 0
    for index, letter in enumerate(text):
        if letter == "$" and text[index + 1 : index + 2] == "{":
            depth += 1
        elif letter == "}" and depth:
            depth -= 1
        elif letter == ":" and not depth and not (len(current) == 1 and current.isalpha()):
            parts.append(current)
            current = ""
            continue
        current += letter
    return [*parts, current]


def is_host_path(source: str) -> bool:
    """Whether a mount's source is a path, not the name of a volume."""
    if not source:
        return False
    if source[0] in "./~" or source.startswith("\\\\"):
        return True
    return source[1:2] == ":" and source[0].isalpha()
