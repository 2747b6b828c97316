"""Parses the notation of `--mount`: `type=bind,source=/a,target=/b,readonly`, into a file's long syntax.

As docker/cli's `opts/mount.go`. A file sets a volume's driver under the volume; here it is `driver` and `driver_opts`
below `volume`. The short notation is in `mount.py`.
"""

import re
from collections.abc import Callable
from typing import Any

from stackferry.grammar.compose.syntax.csv_fields import fields, flag
from stackferry.grammar.compose.syntax.quantities import size
from stackferry.grammar.compose.syntax.short_forms import ShorthandError

Mapping = dict[str, Any]
_TYPES = ("bind", "volume", "tmpfs", "image", "npipe", "cluster")
_RECURSIVE = ("enabled", "disabled", "writable", "readonly")
_PROPAGATIONS = ("rprivate", "private", "rshared", "shared", "rslave", "slave")


def parse_mount_fields(text: str) -> Mapping:
    """The mount in long syntax; raises ShorthandError."""
    mount: Mapping = {"type": "volume"}
    for name, value in fields(text):
        put = _FIELDS.get(name)
        if put is None:
            raise ShorthandError(f"unexpected key {name!r} in {text!r}", f"known are {', '.join(_FIELDS)}")
        if value is None and name not in _WORDS:
            raise ShorthandError(f"invalid field {name!r} in {text!r}", "it needs a value: name=value")
        put(mount, name, value)
    if not mount.get("target"):
        raise ShorthandError("a target is required", "add target=/path/in/the/container")
    for kind in ("bind", "volume", "image", "tmpfs"):
        if kind in mount and mount["type"] != kind:
            raise ShorthandError(f"cannot mix {kind}-* options with mount type {mount['type']!r}", f"add type={kind}")
    _check_recursive(mount)
    return mount


def _check_recursive(mount: Mapping) -> None:
    bind = mount.get("bind", {})
    wanted = bind.get("recursive")
    if wanted in ("writable", "readonly") and not mount.get("read_only"):
        raise ShorthandError(f"bind-recursive={wanted} requires readonly", "add readonly")
    if wanted == "readonly" and bind.get("propagation") != "rprivate":
        raise ShorthandError("bind-recursive=readonly requires bind-propagation=rprivate", "add it")


Put = Callable[[Mapping, str, Any], None]
"""Stores the value of a field, given its name in the notation, in the mount."""


def _at(*keys: str, read: Callable[[str, Any], Any] = lambda _name, value: value) -> Put:
    *outer, last = keys

    def put(mount: Mapping, name: str, value: Any) -> None:
        for key in outer:
            mount = mount.setdefault(key, {})
        mount[last] = read(name, value)

    return put


def _pair(*keys: str) -> Put:
    def put(mount: Mapping, _name: str, value: str) -> None:
        for key in keys:
            mount = mount.setdefault(key, {})
        name, _, content = value.partition("=")
        if name:
            mount[name] = content

    return put


def _one_of(*words: str) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        if value not in words:
            raise ShorthandError(f"invalid value for {name}: {value}", f"one of {', '.join(words)}")
        return value

    return read


def _nonrecursive(mount: Mapping, name: str, value: str | None) -> None:
    bind = mount.setdefault("bind", {})
    if flag(name, value):
        bind["recursive"] = "disabled"


def _size(name: str, value: str) -> int:
    try:
        return size(value)
    except ValueError:
        raise ShorthandError(f"invalid value for {name}: {value}", "write it as 64m or 1g") from None


def _mode(name: str, value: str) -> int:
    if not re.fullmatch("[0-7]{1,11}", value) or int(value, 8) >= 1 << 32:
        raise ShorthandError(f"invalid value for {name}: {value}", "write octal digits, such as 1777")
    return int(value, 8)


_WORDS = ("readonly", "ro", "volume-nocopy", "bind-nonrecursive")
_FIELDS: dict[str, Put] = {
    "type": _at("type", read=lambda name, value: _one_of(*_TYPES)(name, value.lower())),
    **dict.fromkeys(("source", "src"), _at("source")),
    **dict.fromkeys(("target", "dst", "destination"), _at("target")),
    **dict.fromkeys(("readonly", "ro"), _at("read_only", read=flag)),
    "consistency": _at("consistency"),
    "bind-propagation": _at(
        "bind", "propagation", read=lambda name, value: _one_of(*_PROPAGATIONS)(name, value.lower())
    ),
    "bind-recursive": _at("bind", "recursive", read=_one_of(*_RECURSIVE)),
    "bind-nonrecursive": _nonrecursive,
    "volume-subpath": _at("volume", "subpath"),
    "volume-nocopy": _at("volume", "nocopy", read=flag),
    "volume-label": _pair("volume", "labels"),
    "volume-driver": _at("volume", "driver"),
    "volume-opt": _pair("volume", "driver_opts"),
    "image-subpath": _at("image", "subpath"),
    "tmpfs-size": _at("tmpfs", "size", read=_size),
    "tmpfs-mode": _at("tmpfs", "mode", read=_mode),
}
