"""Docker's tutorial of 2018 with `alias docker=stackferry`: every line of docs/tutorial.md, in order.

`STEPS` has the expected output after a line; every typed line must succeed.
"""

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackferry.emulator.cluster.labels import STACK
from tests.tutorial.machine import FILES, REGISTRY, WAIT, Machine
from tests.tutorial.page import Line, lines
from tests.tutorial.registry import ACCOUNT, program
from tests.tutorial.terminal import CTRL_C

IMAGE = f"{REGISTRY}/get-started:part2"
HANDED_ON = re.compile(r"docker( --[a-z]+)* (build|container|image|info|login|push|run|tag)\b")


def test_the_page_says_who_answers():
    """Lines of docker's are the tutorial's own, but for the registry; no option is added to them."""
    for line in lines():
        if not line.here:
            assert line.theirs.startswith(("docker-machine ", "eval $(docker-machine ")), line
            continue
        assert (line.who == "docker") == (HANDED_ON.match(line.here) is not None), line
        if line.who == "docker":
            theirs = line.theirs.replace("username/repository:tag", IMAGE).replace("registry.example.com", REGISTRY)
            assert line.here in (theirs, f"{theirs} {REGISTRY}"), line
        else:
            assert line.here.replace(" --nodes 2", "") in (line.theirs, _ssh(line.theirs)), line


def _ssh(theirs: str) -> str:
    """What a line of `docker-machine ssh` does there."""
    return theirs.partition('"')[2].removesuffix('"').replace("<myvm1 ip>", "127.0.0.1")


def test_the_page_has_all_five_parts():
    assert sorted({line.part for line in lines()}) == [1, 2, 3, 4, 5]


ENGINE29 = Path(os.environ.get("STACKFERRY_ENGINE29_BIN", ".cache/engine29")).absolute()


@pytest.fixture(scope="module", params=["debian", "v29"])
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """One with the engine and the docker command of this machine, and one with those of `make engine29`."""
    if os.geteuid():
        pytest.skip("only root can start an engine of its own")
    path = os.environ["PATH"]
    if request.param == "v29":
        if not (ENGINE29 / "dockerd").exists():
            pytest.skip(f"no engine in {ENGINE29} (`make engine29` builds one)")
        path = f"{ENGINE29}{os.pathsep}{path}"
    for name in ("dockerd", "containerd", "docker", "unshare", "nsenter", "setsid", "curl", "busybox"):
        if shutil.which(name, path=path) is None:
            pytest.skip(f"no {name} here (`make engine` installs what engines need)")
    if os.environ.get("DOCKER_HOST"):
        pytest.skip("another engine than this machine's own is to be tested: DOCKER_HOST is set")
    folder = Path(tempfile.mkdtemp(prefix="sftut", dir="/tmp"))
    with pytest.MonkeyPatch.context() as patch:
        # Where the harness finds the engine.
        patch.setenv("PATH", path)
        it = Machine(folder, program(), Path(shutil.which("busybox") or ""))
        yield it
        it.close()
    shutil.rmtree(folder)


Seen = Callable[[Machine, str], None]
"""Checks what is to be seen after a line, which gets the line's output."""


def says(*texts: str) -> Seen:
    """The output has these."""

    def check(_: Machine, out: str) -> None:
        assert [text for text in texts if text not in out] == [], out

    return check


def no_data(_: Machine, out: str) -> None:
    """Standard output is empty."""
    assert out == ""


def served(machine: Machine, _: str) -> None:
    machine.until(lambda: "Hello World!" in machine.page(4000), "the page")


def tasks(number: int, port: int = 4000) -> Seen:
    """So many containers of the web service answer, each in its turn."""

    def check(machine: Machine, _: str) -> None:
        def names() -> set[str]:
            return set(re.findall(r"Hostname:</b> ([^<]+)<", machine.page(port, 2 * number)))

        machine.until(lambda: len(names()) == number, f"{number} host names")

    return check


def nothing_left(machine: Machine, _: str) -> None:
    machine.until(lambda: not machine.engine.containers({STACK: "getstartedlab"}), "the end of all tasks")
    assert [one.name for one in machine.engine.networks({STACK: "getstartedlab"})] == []


def on_two_nodes(machine: Machine, _: str) -> None:
    nodes = machine.ok("docker stack ps --format '{{.Node}}' getstartedlab").split()
    assert set(nodes) == {"node-1", "node-2"}


def no_container(machine: Machine, _: str) -> None:
    assert machine.ok("docker container ls -aq") == ""


def counts(machine: Machine, out: str) -> None:
    """The page counts its visits in redis, whose data is in the folder beside the file."""
    tasks(5, 80)(machine, out)

    def visits() -> int:
        found = re.search(r"Visits:</b> (\d+)", machine.page(80))
        return int(found[1]) if found else 0

    machine.until(visits, "a counter")
    assert [visits() - visits() for _ in range(3)] == [-1] * 3
    assert (machine.work / "data" / "options").read_text() == "--appendonly yes\n"


STEPS: dict[tuple[int, str], Seen] = {
    (1, "docker"): says("Usage: stackferry", "Passed to docker unchanged"),
    (1, "docker container --help"): says("Usage:  docker container COMMAND"),
    (1, "docker --version"): says("stackferry 0."),
    (1, "docker version"): says("stackferry 0."),
    (1, "docker info"): says("Server Version:", "Containers: 0"),
    (1, "docker run hello-world"): says("Hello from Docker!"),
    (1, "docker image ls"): says("hello-world"),
    (1, "docker container ls"): says("CONTAINER ID"),
    (1, "docker container ls --all"): says("hello-world"),
    (2, "docker build -t friendlyhello ."): says("friendlyhello:latest"),
    (2, "docker run -d -p 4000:80 friendlyhello"): served,
    (2, f"docker push {IMAGE}"): says("part2: digest: sha256:"),
    (2, "docker container rm $(docker container ls -a -q)"): no_container,
    (3, "docker swarm init"): no_data,
    (3, "docker stack deploy -c docker-compose.yml getstartedlab"): tasks(5),
    (3, "docker service ls"): says("getstartedlab_web", "5/5", IMAGE, "*:4000->80/tcp"),
    (3, "docker stack services getstartedlab"): says("getstartedlab_web", "5/5"),
    (3, "docker service ps getstartedlab_web"): says(*(f"getstartedlab_web.{slot} " for slot in range(1, 6))),
    (3, "docker inspect <task>"): says('"DesiredState": "running"'),
    (3, "docker inspect <container>"): says('"DesiredState": "running"'),
    (3, "docker stack ls"): says("getstartedlab"),
    (3, "docker stack rm getstartedlab"): nothing_left,
    (3, "docker swarm leave --force"): no_data,
    (4, "docker swarm init --advertise-addr 127.0.0.1"): no_data,
    (4, "docker swarm join-token -q worker"): no_data,
    (4, f"docker login {REGISTRY}"): says("Login Succeeded"),
    (4, "docker stack deploy --with-registry-auth --nodes 2 -c docker-compose.yml getstartedlab"): tasks(5),
    (4, "docker stack deploy --nodes 2 -c docker-compose.yml getstartedlab"): on_two_nodes,
    (4, "docker node ls"): says("node-1", "node-2", "Leader"),
    (4, "docker node inspect <node ID>"): says('"Hostname": "node-'),
    (4, "docker stack rm getstartedlab"): nothing_left,
    (5, "docker service ls"): says("getstartedlab_redis", "getstartedlab_visualizer", "getstartedlab_web"),
    (5, "docker node ls"): says("node-1", "node-2"),
    (5, "docker stack rm getstartedlab"): nothing_left,
}


class Reader:
    """Somebody who goes through the page: fills in what lines stand for, and does what stands between them."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.logged_in = False
        self.deployed: dict[int, int] = {}

    def does(self, line: Line) -> None:
        """Type one line, and look."""
        if line.here.startswith("docker stack deploy"):
            self.writes_file(line.part)
        typed = self.filled(line.here)
        if line.here.startswith("docker run ") and " -d " not in line.here and "hello-world" not in line.here:
            self.runs_until_ctrl_c(typed)
        elif line.here == f"docker login {REGISTRY}" and not self.logged_in:
            self.logs_in(typed)
        elif line.here == "docker image rm $(docker image ls -a -q)":
            # Two names for one image: docker refuses that one, and says so.
            done = self.machine.run(typed)
            assert done.returncode == 0 or "must be forced" in done.stderr, done.stderr
            # Another machine runs the image next.
            self.machine.forget_images()
        else:
            out = self.machine.ok(typed)
            seen = self.seen(line)
            if seen is not None:
                seen(self.machine, out)

    def seen(self, line: Line) -> Seen | None:
        deployed = self.deployed.get(line.part, 0)
        if line.part == 3 and line.here.startswith("docker stack deploy") and deployed == 2:
            return tasks(7)
        if line.part == 5 and line.here.startswith("docker stack deploy"):
            return counts if deployed == 2 else says("service getstartedlab_visualizer")
        return STEPS.get((line.part, line.here))

    def writes_file(self, part: int) -> None:
        """The compose file as it is to be in this part, before its next deployment."""
        self.deployed[part] = self.deployed.get(part, 0) + 1
        again = self.deployed[part] == 2
        name = ("part5-redis.yml" if again else "part5.yml") if part == 5 else "part3.yml"
        text = (FILES / name).read_text(encoding="utf-8")
        if part == 3 and again:
            text = text.replace("replicas: 5", "replicas: 7")
        (self.machine.work / "docker-compose.yml").write_text(text, encoding="utf-8")

    def filled(self, here: str) -> str:
        """The line with the ids that earlier lines printed."""
        for mark, asked in {
            "<hash>": "docker container ls -q -l",
            "<image id>": "docker image ls -q hello-world",
            "<task>": "docker service ps -q getstartedlab_web | head -n 1",
            "<container>": "docker container ls -q --filter name=getstartedlab_web.1",
            "<node ID>": "docker node ls -q | head -n 1",
        }.items():
            if mark in here:
                found = self.machine.ok(asked).split()
                assert len(found) == 1, f"{mark}: {found}"
                here = here.replace(mark, found[0])
        return here

    def runs_until_ctrl_c(self, typed: str) -> None:
        """A container that holds the terminal: it serves, and Ctrl-C ends it."""
        with self.machine.terminal(typed) as terminal:
            terminal.until("serving on port 80", WAIT)
            if "-p 4000:80" in typed:
                served(self.machine, "")
            else:
                # Where no image is any more, docker fetches it, with what the login has left.
                assert f"Unable to find image '{IMAGE}' locally" in terminal.said
            terminal.type(CTRL_C)
            assert terminal.ended(WAIT) == 0, terminal.said

    def logs_in(self, typed: str) -> None:
        """Docker asks at the terminal for name and password, and keeps them."""
        with self.machine.terminal(typed) as terminal:
            terminal.until("Username", WAIT)
            terminal.type(f"{ACCOUNT[0]}\r".encode())
            terminal.until("Password", WAIT)
            terminal.type(f"{ACCOUNT[1]}\r".encode())
            assert terminal.ended(WAIT) == 0, terminal.said
            terminal.until("Login Succeeded", WAIT)
        kept = json.loads((self.machine.folder / "home" / ".docker" / "config.json").read_text())
        assert REGISTRY in kept["auths"]
        self.logged_in = True


@pytest.mark.engine
@pytest.mark.slow
def test_every_line_runs(machine: Machine):
    reader = Reader(machine)
    for line in lines():
        if line.here:
            begun = time.monotonic()
            reader.does(line)
            print(f"part {line.part}: {time.monotonic() - begun:5.1f} s: {line.here}")
