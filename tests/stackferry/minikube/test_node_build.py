import os
import shutil
import tarfile
from typing import ClassVar

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import SourceError, StackferryError
from stackferry.grammar.files import Disk
from stackferry.minikube.node_build import build_on_node, node_build_words
from stackferry.minikube.place import Place
from stackferry.session import Session
from stackferry.translator.minikube.images import Held, whole
from stackferry.translator.minikube.programs import Answer
from tests.stackferry.minikube.fake import FakeMinikube

COMPOSE = """
name: shop
services:
  web:
    build: {context: ./web, args: {A: "1"}}
  worker:
    image: registry.example/worker:2
    build: {context: ./worker, dockerfile: ../Dockerfile.worker}
  db:
    image: postgres
"""
FAILED = """\
#6 [2/2] RUN make
#6 0.160 make: not found
#6 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 127
------
 > [2/2] RUN make:
0.160 make: not found
------
FILE:4
--------------------
   4 | >>> RUN make
--------------------
error: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 127
"""


class Node(FakeMinikube):
    """One that builds: what it was sent is kept. `late`: so often its list does not show yet what it has built."""

    def __init__(self, home, fails=lambda _: None, late=0):
        super().__init__(home, fails)
        self.profile = {"Name": "mine", "Config": {"KubernetesConfig": {"ContainerRuntime": "containerd"}}}
        self.state = "Running"
        self.sent = {}
        self.late = late
        self._hidden = []

    def _build(self, words):
        name = words[words.index("-t") + 1]
        with tarfile.open(words[-1]) as tar:
            self.sent[name] = tar.getnames()
        self._hidden += [self.late] * bool(self.late)
        self.images[whole(name)] = "sha256:" + "0" * 64
        return Answer(0, "", "#1 [internal] load build definition\n#1 DONE 0.0s\n")

    def _images(self, words):
        if self._hidden and self._hidden[-1]:
            self._hidden[-1] -= 1
            return Answer(0, "[]")
        return super()._images(words)

    _TABLE: ClassVar = {**FakeMinikube._TABLE, ("image", "ls"): _images, ("image", "build"): _build}


@pytest.fixture
def folder(tmp_path):
    for name, text in {
        "compose.yaml": COMPOSE,
        "web/Dockerfile": "FROM x\n",
        "web/page": "hello",
        "worker/main": "main",
        "Dockerfile.worker": "FROM y\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A profile whose questions go to the node that a test puts into it."""
    found = Place(Session({"MINIKUBE_HOME": str(tmp_path / "home"), "PATH": ""}), "mine")
    found.folder.scratch.mkdir(parents=True)
    return found


def project(folder, text=COMPOSE):
    (folder / "compose.yaml").write_text(text)
    stack = load(Request(files=(str(folder / "compose.yaml"),)), files=Disk(), environment={})
    return stack.project, stack.origin


def build(place, node, folder, text=COMPOSE):
    place.__dict__["programs"] = node
    return build_on_node(place.session, place, node, *project(folder, text))


def test_it_builds_what_the_node_lacks_and_names_it_by_its_content(place, folder, capsys):
    node = Node(folder)

    names = build(place, node, folder)

    assert [*names] == ["web", "worker"]
    assert all(one.startswith(f"shop-{key}:") and len(one.rpartition(":")[2]) == 16 for key, one in names.items())
    assert set(node.images) == {whole(one) for one in names.values()}
    assert node.sent[names["web"]] == ["Dockerfile", "page"]
    assert node.sent[names["worker"]] == ["main", ".stackferry.Dockerfile", ".stackferry.Dockerfile.dockerignore"]
    assert "--build-opt=opt=build-arg:A=1" in node.said("minikube", "image", "build")[0]
    assert f"building {names['web']} on the node\n" in capsys.readouterr().err
    assert list(place.folder.scratch.iterdir()) == []

    # Once more: it asks what there is, and that is all.
    node.calls.clear()
    os.utime(folder / "web/page", (1, 1))
    assert build(place, node, folder) == names
    assert node.calls == [["minikube", "image", "ls", "--format", "json", "-p", "mine"]]

    # Only what has changed.
    (folder / "web/page").write_text("other")
    again = build(place, node, folder)
    assert (again["worker"], again["web"] == names["web"]) == (names["worker"], False)
    assert len(node.said("minikube", "image", "build")) == 1


def test_the_runtime_of_the_profile_says_how(place, folder):
    node = Node(folder)
    node.profile["Config"]["KubernetesConfig"]["ContainerRuntime"] = "docker"

    build(place, node, folder)

    assert "--build-opt=build-arg=A=1" in node.said("minikube", "image", "build")[0]


def test_without_anything_to_build_nothing_is_asked(place, folder):
    node = Node(folder)

    assert build(place, node, folder, "name: s\nservices: {db: {image: postgres}}\n") == {}
    assert node.calls == []


@pytest.mark.parametrize(
    ("file", "place_of_it", "change"),
    [
        ("Dockerfile", "FOLDER/web/Dockerfile:4: ", ""),
        ("sub/D", "FOLDER/web/sub/D:4: ", ""),
        (".stackferry.Dockerfile", "services.web.build.dockerfile_inline:4: ", 'dockerfile_inline: "FROM x",'),
        (".stackferry.Dockerfile", "FOLDER/other/D:4: ", "dockerfile: ../other/D,"),
    ],
)
def test_a_build_that_fails_says_so_though_minikube_does_not(place, folder, capsys, file, place_of_it, change):
    """The real one ends with 0."""
    text = COMPOSE.replace("{context: ./web,", f"{{context: ./web, {change}")
    for name in ("web/sub/D", "other/D"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("FROM x\n")
    node = Node(folder, lambda words: Answer(0, "", FAILED.replace("FILE", file)) if "build" in words else None)

    with pytest.raises(StackferryError) as raised:
        build(place, node, folder, text)

    message = place_of_it.replace("FOLDER", str(folder)) + 'process "/bin/sh -c make" did not complete'
    assert str(raised.value) == f"{message} successfully: exit code: 127"
    # The rest was told as it came.
    assert "#6 0.160 make: not found\n" in capsys.readouterr().err
    assert "web" in raised.value.hint
    assert node.calls[-1][:8] == ["minikube", "ssh", "-p", "mine", "--", "sudo", "rm", "-rf"]
    assert list(place.folder.scratch.iterdir()) == []
    # Why is known: nobody waits for the image to appear.
    assert len(node.said("minikube", "image", "ls")) == 2


def test_whoever_sees_no_progress_is_told_what_the_step_wrote(place, folder, capsys):
    place.session.progress = "quiet"
    node = Node(folder, lambda words: Answer(0, "", FAILED.replace("FILE", "Dockerfile")) if "build" in words else None)

    with pytest.raises(StackferryError) as raised:
        build(place, node, folder)

    assert str(raised.value).splitlines()[1:] == ["  [2/2] RUN make", "  make: not found"]
    assert "#6" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "message", "asked"),
    [
        (Answer(0), "no reason was given", 6),
        (Answer(0, "", "error: failed to list workers: no such file\n"), "failed to list workers: no such file", 2),
        (
            Answer(14, "", 'X Exiting due to MK_USAGE: loading profile: cluster "mine" does not exist\n* \n╭──╮\n'),
            'Exiting due to MK_USAGE: loading profile: cluster "mine" does not exist',
            2,
        ),
    ],
)
def test_other_failures(place, folder, answer, message, asked):
    node = Node(folder, lambda words: answer if "build" in words else None)

    with pytest.raises(StackferryError) as raised:
        build(place, node, folder)

    assert str(raised.value).endswith(f": {message}")
    assert "the node could not build shop-web:" in str(raised.value)
    assert len(node.said("minikube", "image", "ls")) == asked


def test_an_image_may_appear_a_moment_later(place, folder):
    node = Node(folder, late=3)

    assert len(build(place, node, folder)) == 2


def test_what_the_node_cannot_is_refused_at_its_lines_before_anything_is_built(place, folder):
    node = Node(folder)
    text = COMPOSE.replace("args: {A", "ssh: [default], args: {MY_TOKEN: sesame, A") + (
        "  old:\n    build:\n      context: .\n      secrets: [s]\nsecrets: {s: {file: ./s}}\n"
    )

    with pytest.raises(SourceError) as raised:
        build(place, node, folder, text)

    found = {one.message.partition(":")[0]: str(one.span).rpartition("/")[2] for one in raised.value.diagnostics}
    assert found == {
        "services.web.build.ssh": "compose.yaml:5:34",
        "services.web.build.args.MY_TOKEN": "compose.yaml:5:62",
        "services.old.build.secrets": "compose.yaml:14:16",
    }
    assert "sesame" not in str(raised.value)
    assert node.calls == []


def test_the_words_of_a_plan(folder):
    stack = project(folder)
    words = [*node_build_words(*stack, "", "mine", None)]

    assert [one[:6] for one in words] == [["minikube", "image", "build", "-p", "mine", "-t"]] * 2
    assert [one[-1] for one in words] == ["stackferry-shop-web.tar", "stackferry-shop-worker.tar"]
    assert words[0][7:-1] == [
        *("--build-opt=opt=filename=Dockerfile", "--build-opt=opt=image-resolve-mode=local"),
        "--build-opt=opt=build-arg:A=1",
    ]
    there = Held({whole(words[0][6]): "sha256:0"})
    assert [one[-1] for one in node_build_words(*stack, "docker", "mine", there)] == ["stackferry-shop-worker.tar"]
    shutil.rmtree(folder / "worker")
    with pytest.raises(StackferryError, match="is not a directory"):
        [*node_build_words(*stack, "", "mine", None)]
