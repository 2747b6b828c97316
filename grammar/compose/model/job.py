"""Model of `jobs`: containers that run to completion, by hand or on a schedule. Part of the intermediate model."""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.compose.model.container import Workload
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """An entry of `triggers.schedule`: when a job starts by itself.

    `cron` is unparsed text, and any text loads. `timezone` is the name of a time zone; None: the machine's.
    `concurrency` says what to do if the job is still running when it is due: `forbid` or `queue` (None: forbid).
    `missed_fires` says what to do about starts missed while no scheduler was running: `one` or `skip` (None: one).
    """

    cron: str = ""
    timezone: str | None = None
    concurrency: str | None = None
    missed_fires: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Triggers:
    """What starts a job. `manual` says whether `run` may: false forbids it, None allows it as true does."""

    manual: bool | None = None
    schedule: tuple[Schedule, ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job(Workload):
    """One job. `name` is its key under `jobs`; it may depend on services and on other jobs."""

    profiles: tuple[str, ...] = ()
    triggers: Triggers = field(default_factory=Triggers)
