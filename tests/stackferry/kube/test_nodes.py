"""Images for kind's nodes, with scripts as programs; tests/cluster/test_own_images.py has a containerd."""

import pytest

from stackferry import engine as connecting
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.grammar.diagnostics import StackferryError
from stackferry.kube import nodes
from stackferry.kube.delivery import delivery
from stackferry.kube.nodes import in_nodes, loader_of
from stackferry.options.stack_options import load_stack
from stackferry.session import Session, StackChoice
from tests.translator.cluster.fake import FakeCluster

KIND = """\
[ "$1" = get ] && { echo dev-control-plane; echo dev-worker; exit; }
name=$(tar -xOf "$3" manifest.json | sed 's/.*"RepoTags": \\["\\([^"]*\\)".*/\\1/')
id=$(tar -xOf "$3" manifest.json | sed 's/.*"Config": "\\([^"]*\\).json".*/\\1/')
for node in dev-control-plane dev-worker; do
    printf 'docker.io/library/%s\\nsha256:%s\\n' "$name" "$id" >> {here}/$node
done
echo "$name" >> {here}/moved
"""
DOCKER = 'cat {here}/"$2" 2>/dev/null || :'


@pytest.fixture
def place(here, tmp_path, monkeypatch):
    """A stack that builds, a folder of programs, an engine in memory."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for name, script in (("kind", KIND), ("docker", DOCKER)):
        (bin_ / name).write_text(f"#!/bin/sh\n{script.replace('{here}', str(tmp_path))}\n")
        (bin_ / name).chmod(0o755)
    (here / "compose.yaml").write_text("services: {web: {build: .}, db: {image: 'x:1'}}\n")
    (here / "Dockerfile").write_text("FROM scratch\n")
    engine = FakeEngine(VirtualClock())
    monkeypatch.setattr(connecting, "connect", lambda _: engine)
    monkeypatch.setattr(nodes, "_APPEARS", 0.5)
    session = Session({"PATH": f"{bin_}:/usr/bin:/bin"}, StackChoice(files=(str(here / "compose.yaml"),)))
    return session, load_stack(session).project, tmp_path


def cluster(context):
    found = FakeCluster()
    found.context = context
    return found


def moved(folder):
    return (folder / "moved").read_text().split() if (folder / "moved").exists() else []


def test_what_a_node_lacks_is_moved_once(place, capfd):
    session, project, folder = place
    loader = loader_of(session, cluster("kind-dev"))

    first = in_nodes(session, project, loader, send=True)
    in_nodes(session, project, loader, send=True)

    name = first.services["web"].image
    assert name.startswith("shop-web:")
    assert moved(folder) == [name]
    assert first.services["db"].image == "x:1"
    (folder / "dev-worker").unlink()
    in_nodes(session, project, loader, send=True)
    assert moved(folder) == [name, name], "one of the nodes had lost it"
    told = capfd.readouterr().err
    assert "images: 1 loaded, 0 already there" in told
    assert "images: 0 loaded, 1 already there" in told


def test_a_plan_moves_nothing(place):
    session, project, folder = place

    planned = in_nodes(session, project, loader_of(session, cluster("kind-dev")), send=False)

    assert planned.services["web"].image == "shop-web:not-built"
    assert moved(folder) == []


def test_an_image_that_does_not_arrive(place):
    session, project, folder = place
    (folder / "bin" / "kind").write_text("#!/bin/sh\n[ $1 = get ] && echo dev-control-plane\nexit 0\n")

    with pytest.raises(StackferryError, match="was loaded, but dev-control-plane does not have it as sha256:"):
        in_nodes(session, project, loader_of(session, cluster("kind-dev")), send=True)


def test_a_cluster_that_kind_does_not_know(place):
    session, project, folder = place
    (folder / "bin" / "kind").write_text("#!/bin/sh\nexit 0\n")

    with pytest.raises(StackferryError, match="kind has no cluster dev"):
        in_nodes(session, project, loader_of(session, cluster("kind-dev")), send=True)


def test_the_way_to_a_cluster(place, here):
    session, project, _ = place
    (here / "compose.yaml").write_text("services: {db: {image: 'x:1'}}\n")
    plain = load_stack(session).project

    assert delivery(session, cluster("prod"), plain, None)(True) is plain
    with pytest.raises(StackferryError, match="web: built on this machine, so the cluster cannot pull the image"):
        delivery(session, cluster("prod"), project, None)
    assert delivery(session, cluster("kind-dev"), project, None)(False).services["web"].image == "shop-web:not-built"


def test_k3s_is_asked_for_only_where_it_is(place):
    session, _, folder = place
    prod = cluster("prod")

    assert loader_of(session, prod) is None
    assert prod.asked == []
    (folder / "bin" / "k3s").write_text("#!/bin/sh\n")
    (folder / "bin" / "k3s").chmod(0o755)
    assert loader_of(session, prod) is None
    address = {"type": "InternalIP", "address": "127.0.0.1"}
    prod.put("Node", "n", None, status={"nodeInfo": {"kubeletVersion": "v1.34.1+k3s1"}, "addresses": [address]})
    assert loader_of(session, prod).program == "k3s"
    prod.refuse = lambda *_: (403, "Forbidden", "no")
    assert loader_of(session, prod) is None
