"""`RUN --mount=…`: its keys as BuildKit reads them (commands_runmount.go), and the errors it would report.

Values may contain variables; known ones are expanded, an unknown value is None.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from stackferry.grammar.dockerfile.instruction import Flag

TYPES = ("bind", "cache", "tmpfs", "secret", "ssh")
_SHARING = ("shared", "private", "locked")
_KEYS = {
    "source": "source",
    "src": "source",
    "target": "target",
    "dst": "target",
    "destination": "target",
    "readonly": "readonly",
    "ro": "readonly",
    "readwrite": "readwrite",
    "rw": "readwrite",
    **{key: key for key in ("type", "from", "id", "sharing", "required", "size", "mode", "uid", "gid", "env")},
}
_BARE = frozenset(("readonly", "readwrite", "required"))
_BOOLEANS = frozenset(("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"))


class Mount(NamedTuple):
    """A mount. `values` maps its keys, by their long names and in order, to values, None if not known.

    `errors` are (code, message, hint) of each error that fails a build.
    """

    flag: Flag
    type: str
    values: Mapping[str, str | None]
    errors: tuple[tuple[str, str, str], ...]

    @property
    def target(self) -> str | None:
        """The mount point, empty if not given; None if not known."""
        return self.values.get("target", "")

    @property
    def origin(self) -> str | None:
        """The stage or image of `from=`, empty for the build context; None if not known."""
        return self.values.get("from", "")

    @property
    def variable(self) -> str | None:
        """The variable that gets a secret (`env=`), empty if none; None if not known."""
        return self.values.get("env", "") if self.type == "secret" else ""


def mount(flag: Flag, expand: Callable[[str], str | None]) -> Mount:
    """Read a `--mount` flag. `expand` replaces variables, and returns None if one is not known."""
    values: dict[str, str | None] = {}
    errors: list[tuple[str, str, str]] = []
    fields = _fields(flag.value or "")
    if fields is None:
        errors.append(("invalid-mount", "failed to parse csv mounts", "quote a value that contains a comma"))
    for field in fields or ():
        written, given, value = field.partition("=")
        key = _KEYS.get(written.lower(), "")
        if not key:
            errors.append(("invalid-mount", f"unexpected key {written!r} in {field!r}", _meant(written)))
        elif not given:
            if key not in _BARE:
                message = f"invalid field {field!r} must be a key=value pair"
                errors.append(("invalid-mount", message, f"write {written}=VALUE"))
            values[key] = "true"
        elif key == "from":
            # The only value without variables: the stage has to be known before the build.
            if "$" in value[:-1]:
                message = "'from' doesn't support variable expansion, define alias stage instead"
                errors.append(("invalid-mount", message, "name a stage: FROM $IMAGE AS name, then from=name"))
                values[key] = None
            else:
                values[key] = value
        else:
            values[key] = expand(value)
    kind = values.get("type", "bind")
    if kind is not None:
        kind = kind.lower()
        errors += _wrong(kind, values)
    return Mount(flag, kind or "", values, tuple(errors))


def _fields(value: str) -> list[str] | None:
    """The comma-separated fields; a field in double quotes may contain commas. None if the quotes are wrong."""
    if '"' not in value:
        return value.split(",")
    fields: list[str] = []
    at, size = 0, len(value)
    while True:
        if value.startswith('"', at):
            piece = []
            at += 1
            while True:
                end = value.find('"', at)
                if end < 0:
                    return None
                piece.append(value[at:end])
                at = end + 1
                if not value.startswith('"', at):
                    break
                piece.append('"')
                at += 1
            fields.append("".join(piece))
            if at < size and value[at] != ",":
                return None
        else:
            end = value.find(",", at)
            end = size if end < 0 else end
            if '"' in value[at:end]:
                return None
            fields.append(value[at:end])
            at = end
        if at >= size:
            return fields
        at += 1


def _meant(key: str) -> str:
    from stackferry.grammar.suggest import did_you_mean

    return did_you_mean(key, _KEYS) or "use type, source, target, from, readonly, id, sharing, mode, uid or gid"


def _wrong(kind: str, values: Mapping[str, str | None]) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str]] = []
    if kind not in TYPES:
        return [("invalid-mount", f"unsupported mount type {kind!r}", f"one of {', '.join(TYPES)}")]
    for key, allowed in _ONLY.items():
        if key in values and kind not in allowed:
            found.append((f"{key} not allowed for {kind!r} type mounts", f"use it only with {', '.join(allowed)}"))
    for key, value in values.items():
        if value is not None and key in _VALUES and not _VALUES[key](value):
            found.append((f"invalid value for {key}: {value}", f"write {_WRITE[key]}"))
    if kind == "secret":
        found += _wrong_secret(values)
    return [("invalid-mount", message, hint) for message, hint in found]


def _wrong_secret(values: Mapping[str, str | None]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if values.get("from"):
        found.append(("secret mount should not have a from", "remove it"))
    if not any(key in values for key in ("source", "target", "id")):
        found.append(("invalid secret mount. one of source, target required", "write id=NAME"))
    if values.get("source") and values.get("id"):
        found.append(("both source and id can't be set", "keep id"))
    return found


_ONLY: Mapping[str, tuple[str, ...]] = {
    # key: the mount types that accept it
    "required": ("secret", "ssh"),
    "size": ("tmpfs",),
    "sharing": ("cache",),
    "mode": ("secret", "ssh", "cache"),
    "uid": ("secret", "ssh", "cache"),
    "gid": ("secret", "ssh", "cache"),
}


def _is_number(value: str, base: int) -> bool:
    try:
        return value.isalnum() and 0 <= int(value, base) < 1 << 32
    except ValueError:
        return False


_VALUES: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(("readonly", "readwrite", "required"), _BOOLEANS.__contains__),
    **dict.fromkeys(("uid", "gid"), lambda value: _is_number(value, 10)),
    "mode": lambda value: _is_number(value, 8),
    "sharing": lambda value: value.lower() in _SHARING,
}
_WRITE: Mapping[str, str] = {
    **dict.fromkeys(("readonly", "readwrite", "required"), "true or false"),
    **dict.fromkeys(("uid", "gid"), "a number"),
    "mode": "an octal number",
    "sharing": f"one of {', '.join(_SHARING)}",
}
