"""`minikube up` of the project's demo: from nothing to its page, and again after all kinds of changes."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.cluster.kube import wait_until
from tests.engine.fixtures import engine
from tests.minikube import guestbook, session
from tests.minikube.minikubes import Watch, together
from tests.minikube.rig import Rig
from tests.minikube.stack import NAME, RARELY, Run, Stack, scaled

__all__ = ["engine"]

BEYOND = 5.0
"""Seconds that `up` may take beside minikube where nothing is to be done, on an idle machine."""
KINDS = "namespaces,deployments,services,configmaps,secrets,persistentvolumeclaims,poddisruptionbudgets"


@dataclass(frozen=True, slots=True)
class Book:
    """The demo on the rig. `planned` and `first` are what was said of it when there was nothing yet."""

    stack: Stack
    watch: Watch
    planned: Run
    first: Run
    calls: tuple[str, ...]
    """Minikube's, of the first `up`."""

    @property
    def rig(self) -> Rig:
        return self.stack.rig

    def url(self) -> str:
        return f"http://{self.rig.address()}:8080"

    def visits(self) -> int:
        """One more visit: how many there were. A node that was paused may lose the first request."""
        text = wait_until(lambda: guestbook.page(self.url()), "the guest book answers", scaled(30))
        return int(text.rpartition("visits so far: ")[2])

    def stored(self) -> int:
        """The pages in the database; the worker carries them there every ten seconds."""
        query = ("psql", "-U", "guestbook", "-Atc", "SELECT count(*) FROM pages", "guestbook")
        return int(self.rig.kubectl("exec", "-n", "guestbook", "deployment/db", "--", *query))

    def objects(self) -> dict[str, Any]:
        listed = json.loads(self.rig.kubectl("get", KINDS, "-n", "guestbook", "-o", "json"))["items"]
        return {f"{one['kind']}/{one['metadata']['name']}": one for one in listed}

    def images(self) -> dict[str, str]:
        """What the pods of each service run."""
        wanted = [(name, one) for name, one in self.objects().items() if one["kind"] == "Deployment"]
        return {one["metadata"]["name"]: one["spec"]["template"]["spec"]["containers"][0]["image"] for _, one in wanted}


@pytest.fixture(scope="module")
def book(shared_rig: Rig, engine: DockerEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The demo, brought up from nothing: without a machine, and without its images on the engine."""
    folder = tmp_path_factory.mktemp("up")
    with session.turn(shared_rig):
        shared_rig.minikube("delete", check=False)
        guestbook.load_servers()
        stack, watch = guestbook.copied(shared_rig, folder / "guestbook"), Watch(shared_rig, folder)
        before = shared_rig.calls()
        planned = stack.ok("plan", **watch.settings)
        assert untouched(shared_rig.calls()[len(before) :]), "plan asks, and does nothing"
        watch.calls()
        first = stack.run("up", **watch.settings)
        yield Book(stack, watch, planned, first, tuple(call.words for call in watch.calls()))
        stack.run("down", "--volumes")
        guestbook.remove_images()


def untouched(calls: list[str]) -> bool:
    """Whether these calls of VBoxManage change nothing."""
    return {call.split()[0] for call in calls} <= {"--version", "list", "showvminfo", "getextradata"}


def test_from_nothing_to_a_page(book):
    """The machine is made as large as it said, all images are moved, and the address answers as soon as it is told."""
    first = book.first

    assert first.code == 0, first.err
    assert first.out == f"proxy  {book.url()}\n"
    assert re.fullmatch(r"Hello, visitor!\nserved by web-\w+-\w+\nvisits so far: \d+\n", guestbook.page(book.url()))
    assert {line.split()[1] for line in first.err.splitlines() if line.startswith("size: ")} == {
        "memory",
        "CPUs",
        "disk",
    }
    for part in ("minikube: Creating virtualbox VM", "loading guestbook-web:", "21 to create", "✔ Deployment/web 3/3"):
        assert part in first.err
    assert book.stack.leftovers() == []
    assert_planned(book)
    ready = json.loads(book.rig.kubectl("get", "deployments", "-n", "guestbook", "-o", "json"))["items"]
    assert {one["metadata"]["name"]: one["status"]["readyReplicas"] for one in ready} == {
        name: 3 if name == "web" else 1 for name in guestbook.SERVICES
    }


def assert_planned(book: Book) -> None:
    """The same `minikube start`, as large as the sum; of the images the names, since the files do not exist before."""
    planned = [line.removeprefix("$ minikube ") for line in book.planned.out.splitlines() if line.startswith("$ ")]
    done = [call for call in book.calls if call.split()[0] in ("start", "image")]
    assert planned[0] == done[0]
    assert len(planned[1:]) == sum(call.startswith("image load ") for call in done) == 6
    assert all(one.startswith("image load ") for one in planned[1:])
    assert book.planned.out.count("\ncreate ") == 21

    sums = dict(re.findall(r"^size: (\w+) (\d+)", book.first.err, flags=re.MULTILINE))
    profile = json.loads(book.rig.minikube("profile", "list", "-o", "json").stdout)["valid"][0]["Config"]
    assert {"memory": profile["Memory"], "CPUs": profile["CPUs"], "disk": profile["DiskSize"]} == {
        name: int(number) for name, number in sums.items()
    }


def test_again_nothing_changes(book):
    before = {name: one["metadata"]["resourceVersion"] for name, one in book.objects().items()}
    book.watch.calls()

    again = book.stack.ok("up", **book.watch.settings)

    calls = book.watch.calls()
    after = {name: one["metadata"]["resourceVersion"] for name, one in book.objects().items()}
    assert (again.out, after) == (book.first.out, before)
    assert "21 unchanged" in again.err
    assert not [one.words for one in calls if one.words.startswith(("start", "image load", "update-context"))]
    assert again.took - together(calls) <= scaled(BEYOND), f"{again.took:.1f} s, {calls}"

    before = book.rig.calls()
    assert book.stack.ok("plan").out == ""
    assert untouched(book.rig.calls()[len(before) :])


def test_one_changed_image_is_moved_alone(book):
    app = book.stack.folder / "web" / "app.py"
    app.write_text(app.read_text("utf-8").replace("visits so far", "Come again!\\nvisits so far"), "utf-8")
    before = book.images()
    book.watch.calls()

    changed = book.stack.ok("up", **book.watch.settings)

    after = book.images()
    loads = [one.words for one in book.watch.calls() if one.words.startswith(("start", "image load"))]
    assert (len(loads), {name for name in after if after[name] != before[name]}) == (1, {"web"}), loads
    assert "1 to change, 20 unchanged" in changed.err
    assert "Come again!" in guestbook.page(book.url())
    assert book.stack.leftovers() == []


def test_an_address_that_the_kubeconfig_does_not_know(book):
    """As after a start by somebody else, with another answer of the DHCP server."""
    book.rig.kubectl("config", "set-cluster", NAME, "--server=https://192.168.59.77:8443")
    book.watch.calls()

    again = book.stack.ok("up", **book.watch.settings)

    calls = [one.words for one in book.watch.calls()]
    assert "21 unchanged" in again.err
    assert [one for one in calls if one.startswith(("start", "update-context"))] == [f"update-context -p {NAME}"]
    assert book.rig.kubectl("get", "namespace", "guestbook", "-o", "name") == "namespace/guestbook\n"


def test_down_keeps_the_data_and_a_stopped_machine_the_rest(book):
    """The flags of the first start are repeated, though nobody says them again."""
    visits, rows = book.visits(), book.stored()
    down = book.stack.ok("down", "--machine", "stop")
    stopped = book.stack.run("status")

    again = Stack(book.rig, book.stack.folder, flags=()).ok("up")

    assert down.err.count("is kept, with its data") == 2
    assert stopped.code == 1
    assert stopped.out.startswith(f"machine  {NAME}: stopped, virtualbox, 2 CPUs")
    assert "0 loaded" in again.err
    assert "18 to create, 3 unchanged" in again.err
    assert (again.out, book.visits() > visits, book.stored() >= rows) == (book.first.out, True, True)


@RARELY
def test_a_paused_machine_goes_on(book):
    visits = book.visits()
    book.rig.run("VBoxManage", "controlvm", NAME, "pause")

    again = book.stack.ok("up")

    assert "21 unchanged" in again.err
    assert (again.out, book.visits() > visits) == (book.first.out, True)


def test_down_with_its_volumes_leaves_nothing(book):
    down = book.stack.ok("down", "--volumes")
    assert "Removing Namespace/guestbook" in down.err
    # The cluster itself needs a moment more.
    wait_until(lambda: "guestbook" not in book.rig.kubectl("get", "namespaces", "-o", "name"), "the namespace is gone")
    wait_until(lambda: book.rig.kubectl("get", "persistentvolumes", "-o", "name") == "", "the volumes are gone")
    assert book.stack.run("status").out.splitlines()[1:] == ["stack    guestbook: not there"]
