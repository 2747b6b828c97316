"""Images that a real node builds because no engine answers here: their content, and messages of failures."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.files import Disk
from stackferry.minikube.node_build import build_on_node
from stackferry.minikube.place import Place
from stackferry.session import Session
from tests.cluster import images
from tests.minikube.rig import Rig

ARGUMENT = """a,b=c 'q' "d" $HOME `id`"""
COMPOSE = """\
name: sfnb
services:
  web:
    build:
      context: ./web
      dockerfile: ../Dockerfile.web
      args: {WORD: "a,b=c 'q' \\"d\\" $$HOME `id`"}
      labels: {l: "m,n"}
      extra_hosts: [near=10.0.0.1, near=10.0.0.2]
      ulimits: {nofile: {soft: 1000, hard: 2000}}
      shm_size: 12m
      network: none
  inline:
    build:
      context: ./web
      dockerfile_inline: |
        FROM busybox:1
        RUN true
        COPY . /all
"""
DOCKERFILE = """\
FROM busybox:1
ARG WORD
RUN echo "$WORD" >/word; grep near /etc/hosts >/hosts; ulimit -n >/limit; ulimit -Hn >>/limit; df /dev/shm >/shm
COPY . /all
"""
LEFT = "/var/lib/minikube/build"


def files(rig: Rig, folder: Path, name: str) -> dict[str, str]:
    """The files that the layers of an image bring, but for those of its base."""
    tar = folder / "saved.tar"
    rig.minikube("image", "save", name, tar)
    found = {}
    with tarfile.open(tar) as image:
        (manifest,) = json.load(image.extractfile("manifest.json"))
        for layer in manifest["Layers"][1:]:
            with tarfile.open(fileobj=io.BytesIO(image.extractfile(layer).read())) as inner:
                found |= {one.name: inner.extractfile(one).read().decode() for one in inner if one.isreg()}
        found["labels"] = json.load(image.extractfile(manifest["Config"]))["config"].get("Labels", {})
    return found


@pytest.fixture
def stack(rig, tmp_path):
    """A stack with two builds; what the node has of it goes away afterwards."""
    rig.start()
    (busybox,) = images.system().glob("*-busybox-1.tar")
    rig.minikube("image", "load", busybox)
    for name, text in {
        "compose.yaml": COMPOSE,
        "Dockerfile.web": DOCKERFILE,
        "web/.dockerignore": "*.log\n!keep.log\n",
        "web/page": "hello",
        "web/a.log": "no",
        "web/keep.log": "yes",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    yield tmp_path
    for name in rig.minikube("image", "ls").stdout.split():
        if "/sfnb-" in name:
            rig.minikube("image", "rm", name)


def build(rig: Rig, folder: Path) -> dict[str, str]:
    session = Session(rig.environment)
    found = load(Request(files=(str(folder / "compose.yaml"),)), files=Disk(), environment={})
    place = Place(session, "minikube")
    with place.alone() as programs:
        names = build_on_node(session, place, programs, found.project, found.origin)
    assert list(place.folder.scratch.iterdir()) == []
    return names


def test_what_a_node_builds_holds_what_the_file_says(rig, stack, capsys):
    names = build(rig, stack)

    there = rig.minikube("image", "ls").stdout.split()
    assert {f"docker.io/library/{name}" for name in names.values()} <= {*there}
    web, inline = (files(rig, stack, names[key]) for key in ("web", "inline"))
    assert web["word"] == f"{ARGUMENT}\n"
    assert web["hosts"].split() == ["10.0.0.1", "near", "10.0.0.2", "near"]
    assert web["limit"] == "1000\n2000\n"
    assert "12288" in web["shm"]
    assert web["labels"]["l"] == "m,n"
    copied = {"all/.dockerignore", "all/keep.log", "all/page"}
    assert {one for one in web if one.startswith("all")} == copied
    assert {one for one in inline if one.startswith("all")} == copied

    capsys.readouterr()
    assert build(rig, stack) == names
    assert "building" not in capsys.readouterr().err
    (stack / "web/page").write_text("other")
    assert not set(build(rig, stack).values()) & set(names.values())
    assert rig.minikube("ssh", "--", "ls", LEFT).stdout.split() == []


def test_a_build_that_fails_is_told_with_its_line(rig, stack, capsys):
    """Minikube ends with 0, and leaves on the node what it was building: neither stays so."""
    (stack / "Dockerfile.web").write_text(f"{DOCKERFILE}RUN echo why; exit 3\n")

    with pytest.raises(StackferryError) as raised:
        build(rig, stack)

    assert str(raised.value).startswith(f"{stack}/Dockerfile.web:5: process ")
    assert str(raised.value).endswith("exit code: 3")
    assert any(line.startswith("#") and line.endswith(" why") for line in capsys.readouterr().err.splitlines())
    assert not any("/sfnb-web:" in name for name in rig.minikube("image", "ls").stdout.split())
    assert rig.minikube("ssh", "--", "ls", LEFT).stdout.split() == []
