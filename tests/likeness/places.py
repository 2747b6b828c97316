"""The two places where a stack runs, and how to query each."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from stackferry.emulator.cluster.labels import SERVICE_NAME
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.grammar.compose.model.model import Project
from stackferry.translator.naming.naming import plan_names
from stackferry.translator.notes import Notes
from stackferry.translator.sharing import plan_groups
from tests.cluster import images
from tests.cluster.converted import convert
from tests.cluster.kube import Kube, wait_until
from tests.engine.stack import Stack
from tests.likeness.facts import Facts, Questions, argv, facts, starts

PATIENCE = 240.0


def questions(project: Project) -> Questions:
    """All that a stack gives reason to ask: every name in it, every port, every folder that something is put into."""
    services = project.services.values()
    names = [name for one in services for name in (one.name, one.container_name, one.hostname) if name]
    names += [alias for one in services for network in one.networks.values() if network for alias in network.aliases]
    names += [name for one in services for name in one.extra_hosts]
    ports = [(one.name, int(port.target)) for one in services for port in one.ports]
    ports += [(one.name, int(str(port).partition("/")[0].partition("-")[0])) for one in services for port in one.expose]
    folders = [mount.target for one in services for mount in one.volumes]
    folders += [mount.target for one in services for mount in one.tmpfs]
    folders += ["/run/secrets", *(used.target for one in services for used in one.configs if used.target)]
    folders += [used.target for one in services for used in one.secrets if used.target]
    return Questions(*(tuple(dict.fromkeys(found)) for found in (names, ports, folders)))


def _waits(project: Project) -> list[tuple[str, str]]:
    return [(earlier, one.name) for one in project.services.values() for earlier in one.depends_on]


def _with_order(found: dict[str, Facts], times: Mapping[str, float], project: Project) -> dict[str, Facts]:
    for (earlier, later), held in starts(times, _waits(project)).items():
        answers = {**found[later].answers, ("order", earlier): "held" if held else "too early"}
        found[later] = Facts(answers, found[later].code)
    return found


class Emulator:
    """The stack on the engine of this machine, in a copy of its folder."""

    def __init__(self, engine: DockerEngine, source: Path, folder: Path) -> None:
        text = (source / "compose.yaml").read_text("utf-8")
        for image in {"busybox:1", *(name for name in images.SERVERS if name in text)}:
            (archive,) = images.system().glob(f"*-{image.replace('/', '-').replace(':', '-')}.tar")
            subprocess.run(["docker", "load", "-q", "-i", str(archive)], check=True, capture_output=True)
        shutil.copytree(source, folder, dirs_exist_ok=True)
        self.stack = Stack(engine, folder, text)

    def asked(self, project: Project) -> dict[str, Facts]:
        """What each of its services sees once it is up."""
        self.stack.ok("up", "-d", "--wait")
        times: dict[str, float] = {}
        found: dict[str, Facts] = {}
        for info in self.stack.containers():
            if SERVICE_NAME not in info.labels:
                continue
            state = self.stack.engine.find(f"/containers/{info.id}/json")["State"]
            service = info.labels[SERVICE_NAME].removeprefix(f"{self.stack.name}_")
            times[service] = _seconds(state["StartedAt"])
            if state["Running"]:
                said = self.stack.run("exec", "-T", service, *argv(questions(project)))
                found[service] = facts(said.stdout)
            else:
                found[service] = Facts(code=state["ExitCode"])
        return _with_order(found, times, project)


def on_node(kube: Kube, folder: Path, project: Project) -> dict[str, Facts]:
    """What each service sees on the node once the stack is rolled out."""
    kube.apply(convert(folder, kube.namespace).text)
    try:
        kube.rollout(PATIENCE)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{kube.told()}") from None
    times: dict[str, float] = {}
    found: dict[str, Facts] = {}
    names, groups = plan_names(project, Notes()), plan_groups(project)
    for service in project.services:
        container = names.containers[service]
        selector = f"app.kubernetes.io/name={names.services[groups[service].owner.name]}"
        (pod,) = wait_until(partial(kube.each, "Pod", selector), f"the pod of {service}")
        states = {one["name"]: one["state"] for one in pod["status"]["containerStatuses"]}
        state: dict[str, Any] = states[container]
        ended = state.get("terminated")
        times[service] = _seconds((ended or state["running"])["startedAt"])
        if ended:
            found[service] = Facts(code=ended["exitCode"])
        else:
            words = ("exec", pod["metadata"]["name"], "-c", container, "--", *argv(questions(project)))
            said = kube.kubectl(*words, timeout=60)
            found[service] = facts(said.out)
    return _with_order(found, times, project)


def _seconds(text: str) -> float:
    """Docker writes nanoseconds, Kubernetes whole seconds."""
    return datetime.fromisoformat(text[:19] + "+00:00").timestamp()


def shown(found: Mapping[str, Facts]) -> str:
    """All facts, for whoever reads a failed test."""
    return json.dumps({name: {" ".join(k): v for k, v in one.answers.items()} for name, one in found.items()}, indent=1)
