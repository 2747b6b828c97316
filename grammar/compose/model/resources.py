"""Top-level entries of the model: networks, volumes, configs, secrets, models.

Part of the intermediate model (`model.py`). `name` is the name outside the project
(`<project>_<key>` unless the file sets it).
"""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class IpamPool:
    """One address pool of a network."""

    subnet: str | None = None
    gateway: str | None = None
    ip_range: str | None = None
    aux_addresses: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ipam:
    """Address management of a network."""

    driver: str | None = None
    config: tuple[IpamPool, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Network:
    """A network."""

    name: str | None = None
    driver: str | None = None
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    ipam: Ipam | None = None
    external: bool = False
    internal: bool = False
    attachable: bool = False
    enable_ipv4: bool | None = None
    enable_ipv6: bool | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Volume:
    """A named volume."""

    name: str | None = None
    driver: str | None = None
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    external: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """A config: from a file, inline content, or a variable of the environment (`content` resolved)."""

    name: str | None = None
    file: str | None = None
    environment: str | None = None
    content: str | None = None
    external: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    template_driver: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret: from a file or a variable of the environment.

    The value itself is not in the model: back ends read the file or look the variable up in
    `Project.environment`, as late as they can.
    """

    name: str | None = None
    file: str | None = None
    environment: str | None = None
    external: bool = False
    driver: str | None = None
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    template_driver: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """An AI model that services use."""

    name: str | None = None
    model: str = ""
    context_size: int | None = None
    runtime_flags: tuple[str, ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict)
