"""Plays scenario scripts on a real swarm, and reports the outcome of every slot: the emulator's reference."""

import threading
import time
from typing import Any

import docker

from stackferry.emulator.cluster.spec import Mode, ServiceSpec
from tests.emulator.behaviour import Behaviour
from tests.emulator.scenario import spec_of
from tests.swarm.image import NAME, archive
from tests.swarm.outcome import Outcome, Seen, outcome

NANO = 1_000_000_000
LOOK = 0.04


class Swarm:
    """A one-node swarm and a thread that follows its tasks."""

    def __init__(self, address: str) -> None:
        self.api = docker.APIClient(base_url=address, timeout=60)
        if self.api.info()["Swarm"]["LocalNodeState"] == "inactive":
            self.api.init_swarm(advertise_addr="127.0.0.1")
        self.version = self.api.version()["Version"]
        self.api.import_image_from_data(archive(), *NAME.split(":"))
        self.lock = threading.Lock()
        self.seen: dict[str, dict[str, Seen]] = {}
        self.updates: dict[str, list[tuple[float, str, str]]] = {}
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._follow, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.stopping.set()
        self.thread.join()

    def _follow(self) -> None:
        while not self.stopping.wait(LOOK):
            now = time.monotonic()
            tasks, services = self.api.tasks(), self.api.services()
            with self.lock:
                for task in tasks:
                    of_service = self.seen.setdefault(task["ServiceID"], {})
                    of_service.setdefault(task["ID"], Seen(task["ID"], _slot(task), now, task["CreatedAt"])).take(
                        now, task["Status"]["State"], task["DesiredState"], task["Status"].get("Err", "")
                    )
                for service in services:
                    status = service.get("UpdateStatus") or {}
                    found = self.updates.setdefault(service["ID"], [])
                    if status.get("State") and (not found or found[-1][1:] != (status["State"], status["Message"])):
                        found.append((now, status["State"], status["Message"]))


def _slot(task: dict[str, Any]) -> str:
    return str(task.get("Slot") or 0)


class RealScenario:
    """One script, with service names of its own."""

    def __init__(self, swarm: Swarm, prefix: str) -> None:
        self.swarm, self.api, self.prefix = swarm, swarm.api, prefix
        self.settings: dict[str, dict[str, str]] = {}
        self.ids: dict[str, str] = {}
        self.begun = time.monotonic()
        self.changed_node = False

    def wait_until_gone(self) -> None:
        """Until the engine is rid of the tasks, so that the next script finds the node empty."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.api.tasks():
            time.sleep(LOOK)

    def play(self, script: str) -> dict[str, Outcome]:
        try:
            for line in script.splitlines():
                words = line.split("#", 1)[0].split() if line.startswith("#") else line.split(" #")[0].split()
                if words:
                    getattr(self, f"do_{words[0]}")(*words[1:])
            with self.swarm.lock:
                return {
                    name: outcome(self.swarm.seen.get(one, {}).values(), self.swarm.updates.get(one, []), self.begun)
                    for name, one in self.ids.items()
                }
        finally:
            for name in self.ids:
                self.api.remove_service(self.ids[name])
            if self.changed_node:
                self.do_node("n1", "availability=active")
                self.wait_until_gone()

    def do_service(self, name: str, *settings: str) -> None:
        known = self.settings.setdefault(name, {})
        known |= dict(one.split("=", 1) for one in settings)
        body = self.body(spec_of(name, known))
        if name in self.ids:
            version = self.api.inspect_service(self.ids[name])["Version"]["Index"]
            self._post(f"/services/{self.ids[name]}/update", body, version=version)
        else:
            self.ids[name] = self._post("/services/create", body)["ID"]

    def _post(self, path: str, body: dict[str, Any], **params: Any) -> Any:
        response = self.api._post_json(self.api._url(path), data=body, params=params)
        return self.api._result(response, json=True)

    def do_scale(self, name: str, count: str) -> None:
        self.do_service(name, f"replicas={count}")

    def do_rollback(self, name: str) -> None:
        found = self.api.inspect_service(self.ids[name])
        self._post(
            f"/services/{self.ids[name]}/update", found["Spec"], version=found["Version"]["Index"], rollback="previous"
        )

    def do_force(self, name: str) -> None:
        found = self.api.inspect_service(self.ids[name])
        spec = found["Spec"]
        spec["TaskTemplate"]["ForceUpdate"] = spec["TaskTemplate"].get("ForceUpdate", 0) + 1
        self._post(f"/services/{self.ids[name]}/update", spec, version=found["Version"]["Index"])

    def do_crash(self, slot: str, code: str = "1") -> None:
        name, _, number = slot.partition(".")
        tasks = [
            task
            for task in self.api.tasks({"service": self.ids[name], "desired-state": "running"})
            if _slot(task) == number or number == "n1"
        ]
        newest = max(tasks, key=lambda task: task["CreatedAt"])
        self.api.kill(newest["Status"]["ContainerStatus"]["ContainerID"])

    def do_node(self, name: str, *settings: str) -> None:
        assert name == "n1", "a real swarm has one node here"
        self.changed_node = True
        (node,) = self.api.nodes()
        spec = node["Spec"]
        for key, value in (one.split("=", 1) for one in settings):
            if key.startswith("label."):
                spec.setdefault("Labels", {})[key.removeprefix("label.")] = value
            else:
                spec["Availability"] = value
        self.api.update_node(node["ID"], node["Version"]["Index"], spec)

    def do_run(self, seconds: str) -> None:
        time.sleep(float(seconds))

    def do_ps(self, name: str) -> None:
        """The outcome has it."""

    def do_status(self, name: str) -> None:
        """The outcome has it."""

    def body(self, spec: ServiceSpec) -> dict[str, Any]:
        """A service for the API."""
        task, behaviour = spec.task, spec.task.container
        assert isinstance(behaviour, Behaviour)
        container: dict[str, Any] = {
            "Image": "nope:latest" if behaviour.refused else NAME,
            "Command": ["/bin/actor"],
            "Env": _env(behaviour),
            "StopGracePeriod": int(task.stop_grace * NANO),
        }
        if behaviour.health:
            container["Healthcheck"] = {
                "Test": ["CMD", "grep", "-q", "healthy$", "/tmp/health"],
                "Interval": NANO // 4,
                "Timeout": 5 * NANO,
                "Retries": 1,
                # Until the first step nothing counts.
                "StartPeriod": int((behaviour.health[0][0] + 0.3) * NANO),
            }
            container["Healthcheck"]["Test"] = [
                "CMD-SHELL",
                "! grep -q '^unhealthy' /tmp/health && grep -q healthy /tmp/health",
            ]
        policy = task.restart
        template: dict[str, Any] = {
            "ContainerSpec": container,
            "RestartPolicy": {
                "Condition": policy.condition.value,
                "Delay": int(policy.delay * NANO),
                "MaxAttempts": policy.max_attempts,
                "Window": int(policy.window * NANO),
            },
            "Placement": {
                "Constraints": list(task.placement.constraints),
                "MaxReplicas": task.placement.max_replicas,
            },
            "Resources": {"Reservations": {"NanoCPUs": task.reservations.nano_cpus}},
        }
        modes = {
            Mode.REPLICATED: {"Replicated": {"Replicas": spec.replicas}},
            Mode.GLOBAL: {"Global": {}},
            Mode.REPLICATED_JOB: {
                "ReplicatedJob": {
                    "MaxConcurrent": spec.max_concurrent or spec.replicas,
                    "TotalCompletions": spec.replicas,
                }
            },
            Mode.GLOBAL_JOB: {"GlobalJob": {}},
        }
        found: dict[str, Any] = {
            "Name": f"{self.prefix}-{spec.name}",
            "TaskTemplate": template,
            "Mode": modes[spec.mode],
        }
        if not spec.mode.is_job:
            found |= {"UpdateConfig": _update(spec.update), "RollbackConfig": _update(spec.rollback)}
        return found


def _env(behaviour: Behaviour) -> list[str]:
    values = {
        "VERSION": behaviour.version,
        "LIVES": "" if behaviour.lives is None else f"{behaviour.lives:g}",
        "EXIT": str(behaviour.exit),
        "TERM_AFTER": "never" if behaviour.term is None else f"{behaviour.term:g}",
        "TERM_EXIT": str(behaviour.term_exit),
        "HEALTH": " ".join(f"{at:g}:{status}" for at, status in behaviour.health),
    }
    return [f"{key}={value}" for key, value in values.items()]


def _update(config: Any) -> dict[str, Any]:
    return {
        "Parallelism": config.parallelism,
        "Delay": int(config.delay * NANO),
        "FailureAction": config.failure_action,
        "Monitor": int(config.monitor * NANO),
        "MaxFailureRatio": config.max_failure_ratio,
        "Order": config.order,
    }
