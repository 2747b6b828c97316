"""Structured texts of the compose model: a restart policy, a namespace, a range of ports and so on.

Each term is the text from the file, as `docker compose config` prints it, with properties for its parts; both back
ends read those. Terms are made with the model (`assemble.py`); the tree, and so `stackferry config`, has the bare text.
Parts of a text that compose accepts but nobody can interpret are empty or None.

Every other `str` in the model is plain text on purpose: names and words (services, images, capabilities, signals,
attributes in `preferences`), addresses and host names, paths, and text in the language of another program:
commands, values of variables and labels, options of drivers (`driver_opts`, `storage_opt`, `logging`), of the kernel
(`sysctls`, `device_cgroup_rules`, `cpuset`), of SELinux (the value of a `label`), of the builder (`cache_from`).
"""

from stackferry.grammar.compose.syntax.quantities import duration, size
from stackferry.grammar.compose.syntax.units import Bytes, Duration
from stackferry.grammar.regex import regex

# Python refuses to convert numbers of thousands of digits; no real number here is longer than this.
_NUMBER = "[0-9]{1,18}"
_RANGE = regex(rf"({_NUMBER})(?:-({_NUMBER}))?")
_DIGITS = regex(_NUMBER)
_SYSTEMS = frozenset(("linux", "windows", "darwin", "freebsd"))
_EVERY = {"daily": "every_1d", "weekly": "every_1w"}


class Restart(str):
    """`restart`: when (`no`, `always`, `unless-stopped`, `on-failure`), and how often at most."""

    __slots__ = ()

    @property
    def condition(self) -> str:
        """When: the word before the colon."""
        return str(self).partition(":")[0]

    @property
    def max_attempts(self) -> int | None:
        """`on-failure:3`: 3. None if no number is given."""
        count = str(self).partition(":")[2]
        return int(count) if _DIGITS.fullmatch(count) else None


class Namespace(str):
    """`network_mode`, `pid`, `ipc`, `uts`, `cgroup`, `userns_mode`: a kind of namespace, or another container's."""

    __slots__ = ()

    @property
    def service(self) -> str | None:
        """The service whose namespace it is: `service:web`."""
        return self._of("service:")

    @property
    def container(self) -> str | None:
        """The container whose namespace it is: `container:abc`."""
        return self._of("container:")

    @property
    def is_shared(self) -> bool:
        """Whether it belongs to another service or container."""
        return self.startswith(("service:", "container:"))

    def _of(self, kind: str) -> str | None:
        return str(self.removeprefix(kind)) if self.startswith(kind) else None


class PortRange(str):
    """`published`: a number or a range of numbers."""

    __slots__ = ()

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The first and last number, which may be no legal port; None if the text is not a number or range."""
        found = _RANGE.fullmatch(self)
        return (int(found[1]), int(found[2] or found[1])) if found else None


class Exposed(str):
    """An entry of `expose`: a number or a range of numbers, and a protocol."""

    __slots__ = ()

    @property
    def numbers(self) -> PortRange:
        """The part before the slash."""
        return PortRange(str(self).partition("/")[0].strip())

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The first and the last number."""
        return self.numbers.bounds

    @property
    def protocol(self) -> str:
        """In lower case; tcp if none is given."""
        return str(self).partition("/")[2].strip().lower() or "tcp"


class Link(str):
    """An entry of `links` or `external_links`: `service:alias`."""

    __slots__ = ()

    @property
    def target(self) -> str:
        """The linked service or container."""
        return str(self).partition(":")[0]

    @property
    def alias(self) -> str:
        """The target's host name inside the container; empty if none is given."""
        return str(self).partition(":")[2]


class VolumesFrom(str):
    """An entry of `volumes_from`: `service:ro`, `container:name:rw`."""

    __slots__ = ()

    @property
    def service(self) -> str | None:
        """The service; None for a container."""
        return None if self._is_container else self._parts()[0]

    @property
    def container(self) -> str | None:
        """The container; None for a service."""
        return self._parts()[0] if self._is_container else None

    @property
    def access(self) -> str:
        """`ro`, `rw` and the like; empty if none is given."""
        return self._parts()[2]

    @property
    def _is_container(self) -> bool:
        return self.startswith("container:")

    def _parts(self) -> tuple[str, str, str]:
        return str(self).removeprefix("container:").partition(":")


class TmpfsMount(str):
    """An entry of `tmpfs`: `/run:size=64m,mode=1777`."""

    __slots__ = ()

    @property
    def target(self) -> str:
        """The path in the container."""
        return str(self).partition(":")[0]

    @property
    def options(self) -> tuple[str, ...]:
        """Options of the mount, as written."""
        return tuple(one for one in str(self).partition(":")[2].split(",") if one)

    @property
    def size(self) -> Bytes | None:
        """The value of the option `size`; None if it is missing, or not a number of bytes (`50%`)."""
        said = next((one for one in self.options if one.startswith("size=")), "")
        try:
            return size(said.removeprefix("size="))
        except ValueError:
            return None

    @property
    def others(self) -> tuple[str, ...]:
        """The options except a size that `size` returns."""
        if self.size is None:
            return self.options
        return tuple(one for one in self.options if not one.startswith("size="))


class SecurityOption(str):
    """An entry of `security_opt`: `seccomp=unconfined`, or with a colon, `label:disable`."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name of the option."""
        return self._cut()[0]

    @property
    def value(self) -> str | None:
        """What it is set to, None if it is only named."""
        _, separator, value = self._cut()
        return value if separator else None

    def _cut(self) -> tuple[str, str, str]:
        return str(self).partition("=" if "=" in self else ":")


class DnsOption(str):
    """An entry of `dns_opt`: `ndots:2`."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """Its name."""
        return str(self).partition(":")[0]

    @property
    def value(self) -> str | None:
        """What it is set to, None if it is only named."""
        _, colon, value = str(self).partition(":")
        return value if colon else None


class Owner(str):
    """A user or a group: in `user` and `group_add`, and as `uid` and `gid` of configs and secrets."""

    __slots__ = ()

    @property
    def number(self) -> int | None:
        """The numeric id; None for a name, which only the image can resolve."""
        return int(self) if _DIGITS.fullmatch(self) else None


class User(str):
    """`user`: a user and optionally a group."""

    __slots__ = ()

    @property
    def user(self) -> Owner:
        """The part before the colon."""
        return Owner(str(self).partition(":")[0])

    @property
    def group(self) -> Owner:
        """The part after the colon; empty if there is none."""
        return Owner(str(self).partition(":")[2])


class Platform(str):
    """`platform`: `linux/arm64/v8`, or only the operating system or the architecture."""

    __slots__ = ()

    @property
    def system(self) -> str:
        """The operating system in lower case; empty if only an architecture is given."""
        return self._parts()[0]

    @property
    def architecture(self) -> str:
        """The architecture in lower case, else as written (`x86_64`); empty if only an operating system is given."""
        return self._parts()[1]

    def _parts(self) -> tuple[str, str]:
        first, *rest = self.lower().split("/")
        return (first, rest[0] if rest else "") if rest or first in _SYSTEMS else ("", first)


class PullPolicy(str):
    """`pull_policy`: `always`, `never`, `missing`, `build` and the like, or how often: `daily`, `every_12h`."""

    __slots__ = ()

    @property
    def every(self) -> Duration | None:
        """The age at which an image is pulled again; None if age does not matter."""
        text = _EVERY.get(self, str(self))
        return Period(text.removeprefix("every_")).duration if text.startswith("every_") else None


class Constraint(str):
    """An entry of `deploy.placement.constraints`: `node.labels.disk == ssd`. Swarm decides which are legal."""

    __slots__ = ()

    @property
    def key(self) -> str:
        """The attribute of a node."""
        return self._cut()[0].strip()

    @property
    def operator(self) -> str:
        """`==` or `!=`; empty if there is none."""
        return next((one for one in ("==", "!=") if one in self), "")

    @property
    def value(self) -> str:
        """The value that the attribute must have, or must not have."""
        return self._cut()[2].strip()

    def _cut(self) -> tuple[str, str, str]:
        return str(self).partition(self.operator or "==")


class Period(str):
    """`pull_refresh_after`: a duration, which may use weeks and days."""

    __slots__ = ()

    @property
    def duration(self) -> Duration | None:
        """The duration; None if the text is not one."""
        try:
            return duration(self)
        except ValueError:
            return None


TERMS: tuple[type[str], ...] = (
    *(Restart, Namespace, PortRange, Exposed, Link, VolumesFrom, TmpfsMount, User, Period),
    *(Owner, SecurityOption, DnsOption, Platform, PullPolicy, Constraint),
)
"""All kinds of terms."""
