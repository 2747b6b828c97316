"""Model values about how a container runs: health, block I/O, development watches.

Part of the intermediate model (`model.py`).
"""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.compose.model.attachments import Hook
from stackferry.grammar.compose.syntax.units import Bytes, Duration
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Healthcheck:
    """A health check. `test[0]` is CMD, CMD-SHELL or NONE; unset times mean Docker's defaults."""

    test: tuple[str, ...] = ()
    interval: Duration | None = None
    timeout: Duration | None = None
    retries: int | None = None
    start_period: Duration | None = None
    start_interval: Duration | None = None
    disable: bool = False
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WeightDevice:
    """Block I/O weight of one device."""

    path: str = ""
    weight: int = 0
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThrottleDevice:
    """Block I/O rate of one device: bytes or operations a second."""

    path: str = ""
    rate: Bytes | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockIo:
    """`blkio_config`."""

    weight: int | None = None
    weight_device: tuple[WeightDevice, ...] = ()
    device_read_bps: tuple[ThrottleDevice, ...] = ()
    device_read_iops: tuple[ThrottleDevice, ...] = ()
    device_write_bps: tuple[ThrottleDevice, ...] = ()
    device_write_iops: tuple[ThrottleDevice, ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watch:
    """One rule of `develop.watch`."""

    path: str
    action: str
    target: str | None = None
    exec: Hook | None = None
    include: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    initial_sync: bool = False
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Develop:
    """`develop`: what to do while sources change."""

    watch: tuple[Watch, ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict)
