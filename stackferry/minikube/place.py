"""The minikube profile that a command works on: its programs, its folder, its current state."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.minikube.lock import Folder, held
from stackferry.options.declaration import WrongValueError
from stackferry.translator.minikube import profile as profiles
from stackferry.translator.minikube.profile import Status
from stackferry.translator.minikube.programs import HostPrograms, ProgramError

if TYPE_CHECKING:
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient
    from stackferry.translator.minikube.profile import Profile
    from stackferry.translator.minikube.programs import Answer

_ASK = 30.0
"""Seconds that a query to minikube may take: ten for a node that hangs."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The current state: the profile, None if it does not exist, and the state of its machine."""

    profile: "Profile | None"
    status: Status


class Place:
    """One profile. `changes`: for a command that changes something and must hold the lock."""

    def __init__(self, session: "Session", name: str) -> None:
        if profiles.VALID.fullmatch(name) is None:
            raise WrongValueError(f"{name!r} is not a valid host name", option="--cluster")
        self.session = session
        self.name = name
        self.home = profiles.home(session.environment)
        self.folder = Folder(self.home / "stackferry" / name)
        self.programs = HostPrograms(session.environment)

    @contextmanager
    def alone(self) -> Iterator[HostPrograms]:
        """Hold the profile's lock, and give the programs that may change things. Raises StackferryError."""
        asked = self.programs
        with held(self.folder, self.name):
            self.programs = HostPrograms(self.session.environment, self.folder.began, self.folder.scratch)
            try:
                yield self.programs
            finally:
                self.programs = asked

    @property
    def profile_folder(self) -> Path:
        """Minikube's folder of the profile."""
        return profiles.folder(self.session.environment, self.name)

    @property
    def mounts(self) -> Path:
        """The folder with the files about `minikube mount` processes."""
        return self.folder.path / "mounts"

    def look(self) -> Seen:
        """The current state. Raises ProgramError without minikube."""
        if self.programs.path("minikube") is None:
            raise ProgramError("minikube is not on the PATH", "install it: https://minikube.sigs.k8s.io/docs/start")
        with ThreadPoolExecutor(2, thread_name_prefix="minikube") as pool:
            status = pool.submit(self._status)
            listed = self._asked("profile", "list", "-o", "json", "--light")
            found = next((one for one in profiles.profiles(listed.out) if one.name == self.name), None)
            return Seen(found, status.result() if found else Status())

    def client(self) -> "KubernetesClient":
        """A connection to the cluster through the context that minikube has written."""
        from stackferry.translator.cluster.client import connect

        return connect(self.name, None)

    def running(self) -> "KubernetesClient":
        """A connection to the running cluster. Raises StackferryError if it is not running."""
        seen = self.look()
        if seen.profile is None:
            raise StackferryError(f"minikube cluster {self.name} not found", "create it with stackferry minikube up")
        if not (seen.status.is_serving and seen.status.is_known):
            state = (seen.status.machine or "gone").lower()
            what = (
                f"its machine is {state}"
                if state != "running"
                else "its machine is running, but Kubernetes on it is not"
            )
            raise StackferryError(
                f"minikube cluster {self.name} is not running: {what}", "start it with stackferry minikube up"
            )
        return self.client()

    def _status(self) -> Status:
        try:
            return profiles.status(self._asked("status", "-o", "json", "-p", self.name).out)
        except ProgramError:
            return Status(profiles.HANGS)

    def _asked(self, *words: str) -> "Answer":
        return self.programs.run(["minikube", *words], patience=_ASK)
