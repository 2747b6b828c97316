"""A stack that is damaged on purpose, and the checks afterwards: by the labels on the engine."""

import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stackferry.emulator.agent.secret_files import runtime_root
from stackferry.emulator.cluster.labels import SERVICE, SLOT, STACK, TASK_ID
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import ContainerInfo, EngineError
from tests.engine.stack import Stack

COMPOSE = """
services:
  web:
    image: {image}
    command: &idle ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 60 & wait $$!; done"]
    environment: {{VERSION: "{version}"}}
    networks: [front]
    volumes: ["data:/data"]
    configs: [hello]
    stop_grace_period: 2s
    deploy:
      replicas: 3
      restart_policy: {{delay: 0s}}
      update_config: {{monitor: 200ms, parallelism: 1}}
      rollback_config: {{monitor: 200ms, parallelism: 1}}
  worker:
    image: {image}
    command: *idle
    environment: {{VERSION: "{version}"}}
    networks: [front, back]
    stop_grace_period: 2s
    deploy:
      replicas: 2
      restart_policy: {{delay: 0s}}
      update_config: {{monitor: 200ms, parallelism: 2, order: start-first}}
  agent:
    image: {image}
    command: *idle
    environment: {{VERSION: "1"}}
    stop_grace_period: 2s
    deploy: {{mode: global, restart_policy: {{delay: 0s}}}}
networks: {{front: {{}}, back: {{}}}}
volumes: {{data: {{}}}}
configs: {{hello: {{content: "hello {version}"}}}}
"""

SMALL = """
services:
  web:
    image: {image}
    command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 60 & wait $$!; done"]
    environment: {{VERSION: "{version}"}}
    stop_grace_period: 2s
    deploy: {{replicas: 2, restart_policy: {{delay: 0s}}, update_config: {{monitor: 200ms}}}}
"""

WANTED = {"web": 3, "worker": 2, "agent": 1}


class HurtStack(Stack):
    """A stack with a state and a runtime directory of its own, on an engine that `address` names."""

    def __init__(
        self,
        engine: DockerEngine,
        folder: Path,
        image: str,
        *,
        address: str = "",
        text: str = COMPOSE,
        wanted: Mapping[str, int] = WANTED,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(engine, folder, "")
        self.image, self.text, self.wanted = image, text, dict(wanted)
        (folder / "run").mkdir()
        self.environment["XDG_RUNTIME_DIR"] = str(folder / "run")
        if address:
            self.environment["DOCKER_HOST"] = address
        self.put("1")

    def put(self, version: str) -> None:
        """Write the file with another version of what is to run."""
        self.write(self.text.format(image=self.image, version=version))

    def counts(self) -> dict[str, int]:
        """Running tasks per service, as the engine has them."""
        found = Counter(self._short(info) for info in self.running())
        return {name: found[name] for name in {*self.wanted, *found}}

    def _short(self, info: ContainerInfo) -> str:
        return info.labels[SERVICE].removeprefix(f"{self.name}_")

    def versions(self) -> dict[str, list[str]]:
        """What the running tasks of each service have in VERSION, by the store."""
        cluster = self.cluster()
        found: dict[str, list[str]] = {}
        for task in self.tasks():
            entries = task.template.container.env if task.template.container else ()
            environment = dict(entry.partition("=")[::2] for entry in entries)
            name = cluster.services[task.service_id].spec.name.removeprefix(f"{self.name}_")
            found.setdefault(name, []).append(environment.get("VERSION", ""))
        return found

    def wrong(self) -> list[str]:
        """What is not as wanted: nothing lost, nothing twice, and the store knows what runs."""
        try:
            running = self.running()
        except EngineError as error:
            return [str(error)]
        words = []
        found = Counter(self._short(info) for info in running)
        words += [
            f"{name}: {found[name]} of {self.wanted.get(name, 0)} run"
            for name in sorted({*self.wanted, *found})
            if found[name] != self.wanted.get(name, 0)
        ]
        places = Counter((self._short(info), info.labels.get(SLOT, "")) for info in running)
        words += [f"{name}.{slot} runs {count} times" for (name, slot), count in places.items() if count > 1]
        known = {task.id for task in self.tasks()}
        ours = {info.labels[TASK_ID] for info in running}
        words += [f"{one} runs and the store has it not" for one in sorted(ours - known)]
        words += [f"{one} runs only in the store" for one in sorted(known - ours)]
        return words

    def settles(self, seconds: float = 60.0) -> None:
        """Wait until nothing is wrong."""
        last: list[str] = []

        def holds() -> bool:
            last[:] = self.wrong()
            return not last

        try:
            self.eventually(holds, seconds)
        except AssertionError as error:
            raise AssertionError(f"{last}: {error}") from None

    def left(self) -> list[str]:
        """What is still there after `down`, but for volumes."""
        found = [f"container {info.name} {info.status}" for info in self.containers()]
        for network in self.engine.networks({STACK: self.name}):
            held = self.engine.json("GET", f"/networks/{network.id}")["Containers"]
            found.append(f"network {network.name}, held by {held}")
        found += [f"state {one.name}" for one in self.home.directory.glob("*")]
        found += [f"folder {self.home.directory}"] if self.home.directory.exists() else []
        runtime = runtime_root(self.environment) / self.name
        found += [f"runtime {runtime}"] if runtime.exists() else []
        return found

    def volumes(self) -> list[str]:
        return sorted(one.name for one in self.engine.volumes({STACK: self.name}))

    def close(self) -> None:
        """By force: cases say themselves what `down` must have done."""
        self.kill_manager()
        for info in self.containers():
            self.engine.remove(info.id)
        for network in self.engine.networks({STACK: self.name}):
            with suppress(EngineError):
                self.engine.remove_network(network.id)
        for name in self.volumes():
            self.engine.remove_volume(name)


class Twice:
    """Looks all the time for tasks of a stop-first service that run twice in one slot."""

    def __init__(self, stack: HurtStack, services: tuple[str, ...]) -> None:
        self.stack, self.services = stack, services
        self.looks, self.found = 0, set[str]()
        self.engine = DockerEngine(stack.environment.get("DOCKER_HOST", ""))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._stopping.wait(0.1):
            places = Counter(
                f"{info.labels[SERVICE].removeprefix(f'{self.stack.name}_')}.{info.labels.get(SLOT, '')}"
                for info in self.engine.containers({STACK: self.stack.name})
                if info.running and TASK_ID in info.labels
            )
            self.looks += 1
            for place, count in places.items():
                if count > 1 and place.partition(".")[0] in self.services:
                    self.found.add(place)

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self.engine.close()
