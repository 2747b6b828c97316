"""Queries VBoxManage. `facts` parses the answers."""

from collections.abc import Callable
from pathlib import Path

from stackferry.translator.minikube.doctor.ask.gather import PATIENCE, Later, T
from stackferry.translator.minikube.doctor.facts import virtualbox as virtualbox_facts
from stackferry.translator.minikube.doctor.facts.unknown import known
from stackferry.translator.minikube.doctor.facts.virtualbox import Machine, Version, VirtualBox
from stackferry.translator.minikube.programs import Answer, Programs

PROGRAM = "VBoxManage"
_LOG_BYTES = 1 << 16
"""Bytes at the end of VBox.log, where the reason of a failure is."""
_MOST_MACHINES = 16
"""The most other machines that are asked for their adapters."""


class VirtualBoxQuestions:
    """All queries, under way. The query to the node waits for `machine`."""

    def __init__(self, programs: Programs, cluster: str) -> None:
        self._programs, self._cluster = programs, cluster
        self._program = programs.path(PROGRAM)
        self.machine = self._later("showvminfo", lambda: self._machine(cluster))
        if self._program is None:
            return
        self._version = self._later("--version", self._say_version)
        self._machines = self._listed("vms", virtualbox_facts.machines)
        self._running = self._listed("runningvms", virtualbox_facts.machines)
        self._adapters = self._listed("hostonlyifs", virtualbox_facts.adapters)
        self._servers = self._listed("dhcpservers", virtualbox_facts.servers)
        self._used = self._later("showvminfo of other machines", self._used_adapters, 2 * PATIENCE)
        self._log = self._later("VBox.log", self._read_log, 2 * PATIENCE)

    def facts(self) -> VirtualBox:
        """The facts, once all answers are there."""
        if self._program is None:
            return VirtualBox()
        return VirtualBox(
            self._program,
            self._version.get(),
            self._machines.get(),
            self._running.get(),
            self._adapters.get(),
            self._servers.get(),
            self.machine.get(),
            self._used.get(),
            self._log.get(),
        )

    def _later(self, what: str, ask: Callable[[], T], patience: float = PATIENCE) -> Later[T]:
        return Later(f"{PROGRAM} {what}".replace(f"{PROGRAM} VBox.log", "VBox.log"), ask, patience)

    def _listed(self, what: str, parse: Callable[[str], T]) -> Later[T]:
        return self._later(f"list {what}", lambda: parse(self._said("list", what)))

    def _ask(self, *words: str) -> Answer:
        return self._programs.run([PROGRAM, *words], patience=PATIENCE)

    def _said(self, *words: str) -> str:
        """The output of VBoxManage. Raises ValueError if it fails."""
        answer = self._ask(*words)
        if answer.code:
            raise ValueError(_complaint(answer))
        return answer.out

    def _say_version(self) -> Version:
        answer = self._ask("--version")
        # Oracle's package warns on standard error, Debian's on standard output.
        warning = answer.err if answer.code or "vboxdrv" in answer.err else ""
        return virtualbox_facts.version(f"{warning}\n{answer.out}")

    def _machine(self, name: str) -> Machine | None:
        if self._program is None:
            return None
        answer = self._ask("showvminfo", name, "--machinereadable")
        if virtualbox_facts.NOT_REGISTERED in answer.text:
            return None
        if answer.code:
            raise ValueError(_complaint(answer))
        return virtualbox_facts.machine(answer.out)

    def _used_adapters(self) -> frozenset[str]:
        names = [one for one in known(self._machines.get()) if one != self._cluster and not one.startswith("<")]
        if not known(self._adapters.get()):
            return frozenset()
        if len(names) > _MOST_MACHINES:
            raise ValueError(f"there are {len(names)} of them, too many to query")
        others = [self._later(f"showvminfo {name}", lambda name=name: self._machine(name)) for name in names]  # type: ignore[misc]
        found = [known(one.get()) for one in (*others, self.machine)]
        return frozenset().union(*(one.adapters for one in found if one is not None))

    def _read_log(self) -> tuple[str, ...]:
        machine = known(self.machine.get())
        path = Path(machine.logs) / "VBox.log" if machine and machine.logs else None
        if path is None or not path.exists():
            return ()
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _LOG_BYTES))
            return tuple(file.read().decode("utf-8", "replace").splitlines())


def _complaint(answer: Answer) -> str:
    """The first line that reports an error."""
    lines = [one for one in answer.text.splitlines() if one.strip()]
    return next((one for one in lines if "error:" in one), lines[0] if lines else f"it exited with {answer.code}")
