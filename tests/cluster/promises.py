"""What a stack would do under compose, promise by promise: one test reports all that are broken."""

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.cluster.kube import Kube, wait_until


@dataclass
class Promises:
    """The promises of one stack, and which of them do not hold."""

    kube: Kube
    broken: list[str] = field(default_factory=list)

    def soon(self, what: str, condition: Callable[[], object], within: float = 60) -> None:
        """It holds now or before long."""
        try:
            wait_until(lambda: bool(condition()), what, within)
        except AssertionError as error:
            self.broken.append(str(error))

    def now(self, what: str, condition: Callable[[], object]) -> None:
        """It holds at once."""
        try:
            if not condition():
                self.broken.append(what)
        except (AssertionError, LookupError, OSError) as error:
            self.broken.append(f"{what}: {error}")

    def answers(self, service: str, url: str, expected: str, within: float = 30) -> None:
        """A pod of `service` gets `expected` from `url`."""
        self.soon(
            f"{service} asks {url}",
            lambda: expected in self.kube.shell(service, f"timeout 5 wget -qO- {url}").out,
            within,
        )

    def sees(self, service: str, script: str, expected: str, within: float = 30) -> None:
        """A script in a container of the service prints just that."""
        self.soon(f"{service}: {script}", lambda: self.kube.shell(service, script).out == expected, within)

    def kept(self) -> None:
        """The end of a test."""
        assert not self.broken, "\n".join(["broken promises:", *self.broken, self.kube.told()])


def door(kube: Kube, service: str, port: int) -> str:
    """The URL at which the host reaches a published port of a service: `port` is the container's."""
    for body in kube.each("Service"):
        if body["metadata"].get("labels", {}).get("app.kubernetes.io/name") != service:
            continue
        for entry in body["spec"].get("ports", ()):
            if "nodePort" in entry and port in (entry["port"], entry["targetPort"], entry["nodePort"]):
                return f"http://{kube.cluster.address[0]}:{entry['nodePort']}/"
    raise LookupError(f"no door of {service} to {port}")


def fetch(url: str) -> str:
    """What the host gets from it."""
    with urllib.request.urlopen(url, timeout=5) as answer:
        return str(answer.read().decode())


def is_answered(url: str) -> bool:
    """Whether the host gets anything from it."""
    try:
        return bool(fetch(url))
    except OSError:
        return False
