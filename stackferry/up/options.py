"""What `up` in the foreground shows of the output of tasks: `--attach`, `--no-log-prefix` and their like. Pure."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """What was asked for. `only` (none: all) and `but` are keys of services; `bare`: without the name of the task."""

    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    bare: bool = False
    plain: bool = False
    times: bool = False

    def services(self, keys: Collection[str]) -> list[str]:
        """The services of these whose tasks are heard."""
        return [key for key in keys if (not self.only or key in self.only) and key not in self.but]
