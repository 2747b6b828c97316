"""A cluster in memory whose claims are folders here: programs in its pods run in a local shell."""

import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stackferry.translator.cluster.copying.due import ANNOTATION, Due, due
from stackferry.translator.cluster.copying.helper_pod import Waiter
from stackferry.translator.cluster.copying.helper_pods import HelperPods
from stackferry.translator.cluster.copying.host_folder import read
from stackferry.translator.cluster.copying.transfer import Transfer
from stackferry.translator.cluster.errors import refusal
from stackferry.translator.cluster.held import held
from stackferry.translator.volumes.filling.copies import Copy, Rule
from stackferry.translator.volumes.filling.scripts import CLAIM
from tests.translator.cluster.fake import FakeCluster, Object

SHELLS = [[name, *rest] for name, *rest in (("busybox", "sh"), ("dash",)) if shutil.which(name)]
LABELS = {"app.kubernetes.io/instance": "shop", "app.kubernetes.io/managed-by": "stackferry"}


class Claims(FakeCluster):
    """`breaks` is asked with what is sent to a program, and may say that the connection is lost there.

    `cut`: only so many lines of `apply` run. `garbles` is what arrives otherwise. `fails` is run instead of what takes
    what is sent.
    """

    def __init__(self, folder: Path, shell: list[str], **rest: Any) -> None:
        super().__init__(**rest)
        self.folder, self.shell = folder, shell
        self.breaks: Callable[[bytes], bool] = lambda _: False
        self.cut: int | None = None
        self.garbles: tuple[bytes, bytes] | None = None
        self.fails = ""
        self.sent = 0
        self.ran: list[str] = []
        self._numbers = itertools.count()

    def claim(self, name: str) -> Path:
        """The root of a claim."""
        return self.folder / name

    def data(self, name: str) -> Path:
        """What a service sees of it."""
        return self.claim(name) / "data"

    def add(self, name: str) -> None:
        self.put("PersistentVolumeClaim", name, metadata={"labels": LABELS})
        self.claim(name).mkdir(mode=0o777)

    def request(self, method: str, path: str, *, body: Any = None, form: str = "", what: str = "", **query: str) -> Any:
        if method == "POST" and path.endswith("/pods"):
            return self._run(path, body, what)
        if form == "application/merge-patch+json":
            self.asked.append(f"{method} {path}")
            self._found(path, what)["metadata"].setdefault("annotations", {}).update(body["metadata"]["annotations"])
            return self.objects[path]
        return super().request(method, path, body=body, form=form, what=what, **query)

    def _applied(self, path: str, body: Object, *, dry_run: bool) -> Object:
        """An apply leaves alone what somebody else has set."""
        before = (self.objects.get(path) or {"metadata": {}})["metadata"].get("annotations", {})
        found = super()._applied(path, body, dry_run=dry_run)
        for live in (found, self.objects.get(path)):
            if before and live is not None:
                live["metadata"]["annotations"] = {**before, **live["metadata"].get("annotations", {})}
        return found

    def _run(self, path: str, body: Object, what: str) -> Object:
        refused = self.refuse("POST", path)
        if refused is not None:
            raise refusal(what, refused[0], {"reason": refused[1], "message": refused[2]})
        name = f"{body['metadata']['generateName']}{next(self._numbers)}"
        status = {"phase": "Running", "containerStatuses": [{"name": "copy", "state": {"running": {}}}]}
        metadata = {**body["metadata"], "name": name}
        self.objects[f"{path}/{name}"] = {**body, "metadata": metadata, "status": status}
        return self.objects[f"{path}/{name}"]

    def line(self, target: str, protocol: str, what: str) -> "Program":
        pod = urlsplit(target).path.removesuffix("/exec")
        asked = parse_qsl(urlsplit(target).query)
        command = [value for key, value in asked if key == "command"]
        (volume,) = self._found(pod, what)["spec"]["volumes"]
        root = self.claim(volume["persistentVolumeClaim"]["claimName"])
        assert command[:2] == ["sh", "-c"]
        self.ran.append(command[2])
        script = command[2].replace(f"cd {CLAIM}", f"cd '{root}'")
        if self.cut is not None:
            part = f"head -n {self.cut} .stackferry/copy/apply > ../part; sh ../part; exit 9"
            script = script.replace("sh .stackferry/copy/apply", part)
        if self.fails and "tar -xf" in script:
            script = self.fails
        return Program(self, [*self.shell, "-c", script, *command[3:]])


class Program:
    """One program, as a line of an API server's leads to it."""

    def __init__(self, cluster: Claims, words: list[str]) -> None:
        self.cluster = cluster
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        self.left: list[bytes] | None = None

    def send(self, message: bytes) -> None:
        if self.cluster.breaks(message[1:]):
            self.close()
            raise ConnectionResetError(104, "reset")
        self.cluster.sent += len(message) - 1
        assert self.process.stdin
        self.process.stdin.write(message[1:].replace(*(self.cluster.garbles or (b"", b""))))

    def ping(self) -> None:
        raise AssertionError("nobody is silent here")

    def receive(self, patience: float) -> bytes | None:
        if self.left is None:
            if not patience and self.process.poll() is None:
                return None
            out, err = self.process.communicate(timeout=60)
            causes = [{"reason": "ExitCode", "message": str(self.process.returncode)}]
            done = {"status": "Success"} if not self.process.returncode else {"details": {"causes": causes}}
            self.left = [b"\1" + out, b"\2" + err, b"\3" + json.dumps(done).encode()]
        if not self.left:
            raise EOFError
        return self.left.pop(0)

    def close(self) -> None:
        if self.left is None:
            self.left = []
            assert self.process.stdin
            self.process.stdin.close()
            self.process.wait(60)
            for stream in (self.process.stdout, self.process.stderr):
                assert stream
                stream.close()


def copy_of(source: Path, *, claim: str = "host-x", rule: Rule = Rule.MERGE, **rest: Any) -> Copy:
    """A copy of a folder or a file."""
    name = "" if source.is_dir() else source.name
    said = {"owner": None, "skip": lambda _: False, **rest}
    return Copy(claim, str(source), f"./{source.name}", name, rule, **said)


def bring(cluster: Claims, *copies: Copy) -> tuple[list[Due], list[str]]:
    """Make the copies that are due: which those were, and what was told."""
    found = list(due(copies, held(cluster, "shop", "shop"), read))
    told: list[str] = []
    waiters = {one.claim: Waiter("helper:1", is_coming=False) for one in copies}
    clock = itertools.count().__next__
    pods = HelperPods(cluster, "shop", "shop", waiters, clock, lambda _: None, 60.0)
    Transfer(cluster, pods, "shop", lambda: 0.0, told.append).make(found)
    return found, told


def marked(cluster: Claims, claim: str = "host-x") -> str | None:
    """The checksum that the claim carries."""
    metadata = cluster.objects[f"/api/v1/namespaces/shop/persistentvolumeclaims/{claim}"]["metadata"]
    found: str | None = metadata.get("annotations", {}).get(ANNOTATION)
    return found


def shape(folder: Path) -> dict[bytes, tuple[str, int, bytes]]:
    """Everything below a folder, as bytes: what each is, its mode, and its content or target."""
    found = {}
    top = bytes(folder)
    for at, folders, files in os.walk(top):
        for name in (*folders, *files):
            path = at + b"/" + name
            found[path.removeprefix(top)] = _entry(path)
    return found


def _entry(path: bytes) -> tuple[str, int, bytes]:
    if os.path.islink(path):
        return "link", 0, os.readlink(path)
    mode = os.lstat(path).st_mode & 0o7777
    if os.path.isdir(path):
        return "folder", mode, b""
    with open(path, "rb") as file:
        return "file", mode, file.read()
