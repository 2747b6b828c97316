"""A minikube in memory with the real one's interface: one profile, its machine, its images."""

import contextlib
import json
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, ClassVar

from stackferry.translator.minikube.flags import megabytes, value
from stackferry.translator.minikube.images import whole
from stackferry.translator.minikube.programs import Answer, Told


class FakeMinikube:
    """`calls` are the command lines so far. `fails` gets one, and may give another answer."""

    def __init__(self, home: Path, fails: Callable[[Sequence[str]], Answer | None] = lambda _: None) -> None:
        self.home = home
        self.fails = fails
        self.calls: list[list[str]] = []
        self.profile: dict | None = None
        self.state = ""
        self.known = True
        self.images: dict[str, str] = {}

    def path(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name == "minikube" else None

    def run(
        self,
        words: Sequence[str],
        *,
        patience: float = 60.0,
        told: Told | None = None,
        told_errors: Told | None = None,
        stdin: IO[bytes] | None = None,
    ) -> Answer:
        self.calls.append(list(words))
        answer = self.fails(words) or self._answer(list(words))
        for line in answer.out.splitlines() if told else ():
            if told(line):
                return Answer(130, answer.out)
        for line in answer.err.splitlines() if told_errors else ():
            told_errors(line)
        return answer

    def said(self, *words: str) -> list[list[str]]:
        """The calls so far that begin so."""
        return [one for one in self.calls if one[: len(words)] == list(words)]

    def _answer(self, words: list[str]) -> Answer:
        for start, answer in self._TABLE.items():
            if tuple(words[1 : 1 + len(start)]) == start:
                return answer(self, words)
        raise AssertionError(f"what should minikube do with {words}?")

    def _list(self, _words: list[str]) -> Answer:
        return Answer(0, json.dumps({"valid": [self.profile] if self.profile else [], "invalid": []}))

    def _status(self, words: list[str]) -> Answer:
        if self.profile is None:
            return Answer(85, _event("error", exitcode="85", name="GUEST_NOT_FOUND", message="no such profile"))
        if not self.state:
            return Answer(7, "null")
        rest = "Running" if self.state == "Running" else "Stopped"
        kubeconfig = "Configured" if self.known else "Misconfigured"
        found = {"Host": self.state, "Kubelet": rest, "APIServer": rest, "Kubeconfig": kubeconfig}
        return Answer(0 if rest == "Running" else 7, json.dumps(found))

    def _start(self, words: list[str]) -> Answer:
        name = words[words.index("-p") + 1]
        if self.profile is None:
            self.profile = self.made(name, words)
            (self.home / "profiles" / name).mkdir(parents=True)
        self.state = "Running"
        self.profile["Config"]["Nodes"] = [{"IP": "192.168.59.100"}]
        steps = ("Creating VM", "Booting control plane", "Done!")
        return Answer(0, "\n".join(_event("step", currentstep="1", totalsteps="19", message=one) for one in steps))

    def made(self, name: str, words: Sequence[str]) -> dict:
        """The profile that a start with these words makes."""
        ports = next(one.rpartition("=")[2] for one in words if "node-port-range" in one)
        option = {"Component": "apiserver", "Key": "service-node-port-range", "Value": ports}
        kubernetes = {
            "KubernetesVersion": value(words, "kubernetes-version"),
            "ContainerRuntime": value(words, "container-runtime"),
            "ExtraOptions": [option],
        }
        config = {
            "Driver": value(words, "driver"),
            "CPUs": int(value(words, "cpus") or 2),
            "Memory": megabytes(value(words, "memory") or "2200"),
            "DiskSize": megabytes(value(words, "disk-size") or "20000"),
            "KubernetesConfig": kubernetes,
            "Nodes": [{"IP": ""}],
        }
        return {"Name": name, "Config": config}

    def _stop(self, _words: list[str]) -> Answer:
        self.state = "Stopped"
        return Answer(0)

    def _delete(self, words: list[str]) -> Answer:
        self.profile, self.state, self.images = None, "", {}
        return Answer(0)

    def _context(self, _words: list[str]) -> Answer:
        self.known = True
        return Answer(0)

    def _images(self, _words: list[str]) -> Answer:
        return Answer(0, json.dumps([{"id": known, "repoTags": [name]} for name, known in self.images.items()]))

    def _load(self, words: list[str]) -> Answer:
        """What is said is 0 whatever happens, as it is of the real one."""
        with contextlib.suppress(OSError), tarfile.open(words[3]) as tar:
            (image,) = json.load(tar.extractfile("manifest.json"))
            for tag in image["RepoTags"]:
                self.images[whole(tag)] = "sha256:" + image["Config"].removesuffix(".json")
        return Answer(0)

    def _build(self, words: list[str]) -> Answer:
        name = words[words.index("-t") + 1]
        self.images[whole(name)] = "sha256:" + name
        return Answer(0)

    def _ssh(self, _words: list[str]) -> Answer:
        return Answer(0)

    _TABLE: ClassVar = {
        ("profile", "list"): _list,
        ("status",): _status,
        ("start",): _start,
        ("stop",): _stop,
        ("delete",): _delete,
        ("update-context",): _context,
        ("image", "ls"): _images,
        ("image", "load"): _load,
        ("image", "build"): _build,
        ("ssh",): _ssh,
    }


def _event(kind: str, **data: str) -> str:
    return json.dumps({"type": f"io.k8s.sigs.minikube.{kind}", "data": data})


def failure(code: int, name: str, message: str) -> Answer:
    """How a command of minikube fails."""
    return Answer(code, _event("error", exitcode=str(code), name=name, message=message))
