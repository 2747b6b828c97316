"""Queries this computer: its files, `ip` and docker. `facts` parses the answers."""

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from stackferry.translator.minikube.doctor.ask import host_files
from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.ask.gather import PATIENCE, Later, T
from stackferry.translator.minikube.doctor.facts import host as host_facts
from stackferry.translator.minikube.doctor.facts.host import Host
from stackferry.translator.minikube.doctor.facts.unknown import Fact, Unknown
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from stackferry.translator.minikube.drivers import DRIVERS
from stackferry.translator.minikube.programs import Programs

_LOOKED_FOR = ("sudo", "docker", "virsh", "qemu-system-x86_64")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_SOURCE = ("storage.googleapis.com", 443)
"""Where minikube downloads its ISO and its preloaded images."""
_CONNECTION = 1.0
"""Seconds that a connection to it may take."""


class HostQuestions:
    """The queries under way; files are only read when the answers are collected."""

    def __init__(
        self,
        programs: Programs,
        environment: Mapping[str, str],
        computer: Computer,
        wanted: Wanted,
        *,
        is_fetched: bool,
    ) -> None:
        self._programs, self._environment, self._computer = programs, environment, computer
        self._interfaces = self._asked(["ip", "-j", "addr"], host_facts.interfaces)
        self._routes = self._asked(["ip", "-j", "route"], host_facts.routes)
        self._engine = Later("docker version", self._engine_answers, PATIENCE)
        self._processes = Later("/proc", lambda: host_files.processes(computer), PATIENCE)
        self._downloads = Later("the Internet", lambda: self._fetch(wanted, is_fetched=is_fetched), 2 * _CONNECTION)

    def facts(self, home: Path) -> Host:
        """The facts, once all answers are there. `home`: where minikube keeps machines."""
        computer = self._computer
        processes, downloads = self._processes.get(), self._downloads.get()
        return Host(
            system=computer.system,
            machine=computer.machine,
            kernel=host_facts.numbers(host_files.line(computer, "/proc/sys/kernel/osrelease")),
            cpu_flags=host_files.parsed(computer, "/proc/cpuinfo", host_facts.cpu_flags),
            cpus=computer.cpus(),
            modules=host_files.parsed(computer, "/proc/modules", host_facts.modules),
            devices=host_files.devices(computer),
            module_version=host_files.line(computer, "/sys/module/vboxdrv/version"),
            kvm_at_load=host_files.at_load(computer),
            secure_boot=host_files.secure_boot(computer),
            network_rules=host_files.network_rules(computer),
            adapter_tool=host_files.adapter_tool(computer),
            interfaces=self._interfaces.get(),
            routes=self._routes.get(),
            processes=() if isinstance(processes, Unknown) else processes,
            memory=host_files.parsed(computer, "/proc/meminfo", host_facts.memory),
            folder=_folder(home),
            proxies={
                name: value
                for name in (*_PROXIES, *map(str.lower, _PROXIES))
                if (value := self._environment.get(name, ""))
            },
            uid=computer.uid,
            programs=frozenset(name for name in _LOOKED_FOR if self._programs.path(name)),
            engine=self._engine.get(),
            folders=frozenset(name for name in _shared(computer.system) if computer.has(name)),
            # A check that takes too long counts as a failed download.
            downloads=downloads.why if isinstance(downloads, Unknown) else downloads,
        )

    def _asked(self, words: list[str], parse: Callable[[str], T]) -> Later[T]:
        def ask() -> T:
            answer = self._programs.run(words, patience=PATIENCE)
            if answer.code:
                raise ValueError(answer.err.strip() or f"it exited with {answer.code}")
            return parse(answer.out)

        return Later(" ".join(words), ask, PATIENCE)

    def _engine_answers(self) -> bool:
        if self._programs.path("docker") is None:
            return False
        words = ["docker", "version", "--format", "{{.Server.Version}}"]
        answer = self._programs.run(words, patience=PATIENCE)
        return answer.code == 0 and bool(answer.out.strip())

    def _fetch(self, wanted: Wanted, *, is_fetched: bool) -> str | None:
        """Why an ISO cannot be downloaded; empty if it can, None if none is needed."""
        where = urlsplit(wanted.iso or "")
        if where.scheme == "file":
            return None if self._computer.has(where.path) else f"{where.path} does not exist"
        if is_fetched:
            return None
        secure = where.scheme != "http"
        target = (where.hostname, where.port or (443 if secure else 80)) if where.hostname else _SOURCE
        through = urlsplit(self._environment.get("HTTPS_PROXY") or self._environment.get("https_proxy") or "")
        if through.hostname:
            target = (through.hostname, through.port or 80)
        return self._computer.connect(*target, _CONNECTION)


def _shared(system: str) -> list[str]:
    return [share.host for one in DRIVERS.values() if (share := one.share(system))]


def _folder(home: Path) -> Fact[host_facts.Folder]:
    try:
        return host_files.folder(home)
    except OSError as error:
        return Unknown(f"{home}: {error.strerror}")
