"""Name resolution in a real swarm and with us: the same services on both, the same lookups from a task inside.

Answers are compared without addresses: the VIP, a number of tasks, or nothing. Changing answers are compared as the
sequence of distinct answers, whatever their times. `MEANT` has the deliberate differences.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import docker

from stackferry.emulator.cluster.objects import Service, Task
from tests.engine.stack import Stack
from tests.swarm.image import NAME, archive

NANO = 1_000_000_000
COMMAND = ["sh", "-c", "trap 'sleep 2; exit 0' TERM; while :; do sleep 1 & wait $!; done"]
CHECK = "test ! -e /tmp/sick"

SERVICES: Mapping[str, tuple[int, str]] = {
    # key: replicas, endpoint mode
    "web": (2, "vip"),
    "spread": (2, "dnsrr"),
    "idle": (0, "vip"),
    "bare": (0, "dnsrr"),
    "asker": (1, "vip"),
}
"""Every one has its name with a dot before it as an alias, and a health check."""

QUESTIONS = (
    *("web", "{stack}_web", "also.web", "WEB", "tasks.web", "tasks.{stack}_web", "tasks.also.web"),
    *("spread", "{stack}_spread", "also.spread", "tasks.spread", "tasks.also.spread"),
    *("idle", "tasks.idle", "bare", "tasks.bare", "asker", "tasks.asker", "tasks.nobody"),
)

MEANT: Mapping[str, str] = {
    # A swarm has no name for a service while it has no task; with us its address stays, and refuses at once.
    "idle": "nothing | the VIP",
    "web at scale 0": "nothing | the VIP",
}


class Side(Protocol):
    """A swarm, or us."""

    stack: str

    def ask(self, name: str) -> set[str]: ...
    def vip(self, key: str) -> str: ...
    def tasks(self, key: str) -> set[str]: ...
    def spoil(self, key: str) -> None: ...
    def scale(self, key: str, count: int) -> None: ...
    def containers(self, key: str) -> int: ...


def answers(said: str) -> set[str]:
    """Addresses in what nslookup prints."""
    return set(answers_in_order(said))


def answers_in_order(said: str) -> list[str]:
    lines = said.partition("Name:")[2].splitlines()
    return [line.split()[-1] for line in lines if line.startswith("Address")]


def shown(side: Side, key: str, found: set[str]) -> str:
    if not found:
        return "nothing"
    if found == {side.vip(key)}:
        return "the VIP"
    return f"{len(found)} task{'s' if len(found) > 1 else ''}"


def still(side: Side) -> dict[str, str]:
    """All answers by question while nothing changes."""
    found = {}
    for question in QUESTIONS:
        name = question.format(stack=side.stack)
        key = name.rpartition(".")[2].rpartition("_")[2].lower()
        told = side.ask(name)
        found[question] = shown(side, key, told) if key in SERVICES else f"{len(told)} addresses"
        if "task" in found[question] and told != side.tasks(key):
            found[question] += " of which some are not the service's"
    return found


def moved(side: Side) -> dict[str, str]:
    """The answers while tasks fall sick and go; the service has no task afterwards."""
    found = {}
    for key, name in (("web", "tasks.web"), ("spread", "spread")):
        found[f"{name} while one task is sick"] = watched(side, key, name, lambda key=key: side.spoil(key), until=3)
    found["tasks.web at scale 1"] = watched(side, "web", "tasks.web", lambda: side.scale("web", 1), until=2)
    # The container of the one that leaves runs on for two seconds and more: its name has gone before.
    found["containers then"] = str(side.containers("web"))
    settle(lambda: side.containers("web") == 1)
    found["tasks.web at scale 0"] = watched(side, "web", "tasks.web", lambda: side.scale("web", 0), until=2)
    # Not counted here: in a swarm it takes seconds to learn that a name is none, for it is asked outside.
    settle(lambda: side.containers("web") == 0)
    found["web at scale 0"] = shown(side, "web", side.ask("web"))
    return found


def watched(side: Side, key: str, name: str, change: Callable[[], None], until: int, limit: float = 25.0) -> str:
    """The different answers one after the other from before a change, until there were so many of them."""
    seen = [shown(side, key, side.ask(name))]
    threading.Thread(target=change, daemon=True).start()
    deadline = time.monotonic() + limit
    while len(seen) < until and time.monotonic() < deadline:
        answer = shown(side, key, side.ask(name))
        if seen[-1:] != [answer]:
            seen.append(answer)
    return ", ".join(seen)


def settle(holds: Callable[[], bool], limit: float = 60.0) -> None:
    deadline = time.monotonic() + limit
    while not holds():
        assert time.monotonic() < deadline, "it does not settle"
        time.sleep(0.05)


def ready(side: Side) -> bool:
    return all(
        len(side.tasks(key)) == count and len(side.ask(f"tasks.{key}")) == count
        for key, (count, _) in SERVICES.items()
        if side.tasks("asker")
    ) and bool(side.tasks("asker"))


def differences(theirs: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """`swarm | us` of every question that is answered otherwise, and not as `MEANT`."""
    found = {key: f"{theirs[key]} | {ours[key]}" for key in theirs if theirs[key] != ours[key]}
    return {key: said for key, said in found.items() if MEANT.get(key) != said}


class RealNames:
    """A one-node swarm."""

    def __init__(self, address: str, stack: str) -> None:
        self.stack = stack
        self.api = docker.APIClient(base_url=address, timeout=60)
        if self.api.info()["Swarm"]["LocalNodeState"] == "inactive":
            self.api.init_swarm(advertise_addr="127.0.0.1")
        self.api.import_image_from_data(archive(), *NAME.split(":"))
        self.network = self.api.create_network(f"{stack}_net", driver="overlay")["Id"]
        self.ids: dict[str, str] = {}
        for key in SERVICES:
            self.ids[key] = self._post("/services/create", self._body(key, SERVICES[key][0]))["ID"]

    def close(self) -> None:
        for service_id in self.ids.values():
            self.api.remove_service(service_id)

    def _post(self, path: str, body: dict[str, Any], **params: Any) -> Any:
        response = self.api._post_json(self.api._url(path), data=body, params=params)
        return self.api._result(response, json=True)

    def _body(self, key: str, count: int) -> dict[str, Any]:
        return {
            "Name": f"{self.stack}_{key}",
            "TaskTemplate": {
                "ContainerSpec": {
                    "Image": NAME,
                    "Command": COMMAND,
                    "Healthcheck": {"Test": ["CMD-SHELL", CHECK], "Interval": NANO * 3 // 10, "Retries": 1},
                    "StopGracePeriod": 5 * NANO,
                },
                "RestartPolicy": {"Condition": "any", "Delay": NANO // 2},
                "Networks": [{"Target": self.network, "Aliases": [key, f"also.{key}"]}],
            },
            "Mode": {"Replicated": {"Replicas": count}},
            "EndpointSpec": {"Mode": SERVICES[key][1]},
        }

    def _running(self, key: str) -> list[dict[str, Any]]:
        return self.api.containers(filters={"label": f"com.docker.swarm.service.name={self.stack}_{key}"})

    def _run(self, key: str, words: list[str]) -> str:
        made = self.api.exec_create(self._running(key)[0]["Id"], words)
        return self.api.exec_start(made["Id"]).decode()

    def ask(self, name: str) -> set[str]:
        return answers(self._run("asker", ["busybox", "nslookup", "-retry=1", "-timeout=2", "-type=a", name]))

    def vip(self, key: str) -> str:
        found = self.api.inspect_service(self.ids[key])["Endpoint"].get("VirtualIPs") or []
        return next((one["Addr"].partition("/")[0] for one in found), "")

    def tasks(self, key: str) -> set[str]:
        healthy = (one for one in self._running(key) if "(healthy)" in one["Status"])
        return {one["NetworkSettings"]["Networks"][f"{self.stack}_net"]["IPAMConfig"]["IPv4Address"] for one in healthy}

    def containers(self, key: str) -> int:
        return len(self._running(key))

    def spoil(self, key: str) -> None:
        self._run(key, ["sh", "-c", "echo >/tmp/sick"])

    def scale(self, key: str, count: int) -> None:
        version = self.api.inspect_service(self.ids[key])["Version"]["Index"]
        self._post(f"/services/{self.ids[key]}/update", self._body(key, count), version=version)


def compose(image: str) -> str:
    """The same services for us."""
    import json

    services = {
        key: {
            "image": image,
            "command": [word.replace("$", "$$") for word in COMMAND],
            "stop_grace_period": "5s",
            "healthcheck": {"test": CHECK, "interval": "300ms", "retries": 1},
            "networks": {"net": {"aliases": [f"also.{key}"]}},
            "deploy": {"replicas": count, "endpoint_mode": mode, "restart_policy": {"delay": "500ms"}},
        }
        for key, (count, mode) in SERVICES.items()
    }
    return json.dumps({"services": services, "networks": {"net": {}}})


class OurNames:
    """A stack of ours, up."""

    def __init__(self, up: Stack) -> None:
        self.up, self.stack = up, up.name

    def _service(self, key: str) -> Service:
        return next(one for one in self.up.cluster().services.values() if one.spec.name == f"{self.stack}_{key}")

    def _tasks(self, key: str) -> Iterable[Task]:
        wanted = self._service(key).id
        return [task for task in self.up.tasks() if task.service_id == wanted]

    def _run(self, key: str, words: list[str]) -> str:
        return self.up.engine.exec(next(iter(self._tasks(key))).container_id, words).stdout.decode()

    def ask(self, name: str) -> set[str]:
        return answers(self._run("asker", ["busybox", "nslookup", "-retry=1", "-timeout=2", "-type=a", name]))

    def vip(self, key: str) -> str:
        return self._service(key).vips.get(f"{self.stack}_net", "")

    def tasks(self, key: str) -> set[str]:
        return {address for task in self._tasks(key) for address in task.addresses.values()}

    def containers(self, key: str) -> int:
        marked = f"{self.stack}_{key}."
        return sum(info.name.startswith(marked) for info in self.up.running())

    def spoil(self, key: str) -> None:
        self._run(key, ["sh", "-c", "echo >/tmp/sick"])

    def scale(self, key: str, count: int) -> None:
        self.up.ok("scale", "-d", f"{key}={count}")
