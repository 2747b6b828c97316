import pytest

from stackferry.grammar.compose.model.attachments import FileReference, Ulimit
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.syntax.units import Bytes
from stackferry.translator.minikube.node_build import NodeBuild, refusals

EVERYTHING = Build(
    context="/c",
    args={"A": "a b", "NONE": None},
    labels={"l": "m"},
    target="t",
    extra_hosts={"h": ("1.1.1.1", "2.2.2.2")},
    network="host",
    no_cache=True,
    pull=True,
    shm_size=Bytes(64),
    ulimits={"one": Ulimit(single=5), "two": Ulimit(soft=1, hard=2)},
)


def built(build=EVERYTHING, platform="linux/amd64"):
    return NodeBuild("shop-web:0123", "sub/D", build, platform)


def test_the_words_for_containerd_are_those_of_buildctl():
    """Minikube hands `--build-opt X` on as `--X`, and buildctl knows no --build-arg."""
    assert built().words("/tmp/x.tar", "containerd", "mine") == [
        *("minikube", "image", "build", "-p", "mine", "-t", "shop-web:0123"),
        "--build-opt=opt=filename=sub/D",
        "--build-opt=opt=image-resolve-mode=pull",
        "--build-opt=opt=target=t",
        "--build-opt=opt=build-arg:A=a b",
        "--build-opt=opt=label:l=m",
        "--build-opt=opt=add-hosts=h=1.1.1.1,h=2.2.2.2",
        "--build-opt=opt=force-network-mode=host",
        "--build-opt=allow=network.host",
        "--build-opt=opt=shm-size=64",
        "--build-opt=opt=ulimit=one=5,two=1:2",
        "--build-opt=opt=platform=linux/amd64",
        "--build-opt=no-cache",
        "/tmp/x.tar",
    ]


@pytest.mark.parametrize("runtime", ["docker", "cri-o"])
def test_the_words_for_others_are_those_of_docker(runtime):
    assert built().words("/tmp/x.tar", runtime, "mine") == [
        *("minikube", "image", "build", "-p", "mine", "-t", "shop-web:0123", "-f", "sub/D"),
        "--build-opt=build-arg=A=a b",
        "--build-opt=label=l=m",
        "--build-opt=add-host=h:1.1.1.1",
        "--build-opt=add-host=h:2.2.2.2",
        "--build-opt=ulimit=one=5",
        "--build-opt=ulimit=two=1:2",
        "--build-opt=target=t",
        "--build-opt=network=host",
        "--build-opt=shm-size=64",
        "--build-opt=platform=linux/amd64",
        "--build-opt=pull",
        "--build-opt=no-cache",
        "/tmp/x.tar",
    ]


def test_a_build_that_says_nothing():
    build = NodeBuild("s-web:1", "Dockerfile", Build(context="/c"))

    assert build.words("/t/x.tar", "containerd", "p")[7:] == [
        "--build-opt=opt=filename=Dockerfile",
        "--build-opt=opt=image-resolve-mode=local",
        "/t/x.tar",
    ]
    assert build.words("/t/x.tar", "docker", "p")[7:] == ["-f", "Dockerfile", "/t/x.tar"]


def test_what_a_failed_build_leaves_is_removed_by_its_name():
    place = "/var/lib/minikube/build/stackferry-shop-web"

    assert built().folder == "stackferry-shop-web"
    assert built().leftovers("mine") == [
        *("minikube", "ssh", "-p", "mine", "--", "sudo", "rm", "-rf", place, f"{place}.tar")
    ]


@pytest.mark.parametrize(
    ("build", "paths"),
    [
        (EVERYTHING, []),
        (Build(provenance="false", sbom="false", cache_from=("x",), cache_to=("inline",), tags=("t",)), []),
        (
            Build(
                secrets=(FileReference("s"),),
                ssh={"default": None},
                additional_contexts={"a": "/a"},
                privileged=True,
                entitlements=("network.host",),
            ),
            [("secrets",), ("ssh",), ("additional_contexts",), ("entitlements",), ("privileged",)],
        ),
        (Build(provenance="mode=max", sbom="true"), [("provenance",), ("sbom",)]),
        (Build(context="https://example.org/x.git"), [("context",)]),
        (Build(args={"NPM_TOKEN": "abc", "VERSION": "1", "EMPTY_TOKEN": ""}), [("args", "NPM_TOKEN")]),
    ],
)
def test_what_the_node_cannot_is_told(build, paths):
    found = [*refusals(build)]

    assert [one.path for one in found] == paths
    assert all("Docker Engine" in one.hint for one in found)
    assert "abc" not in str(found)


def test_what_makes_another_image_counts():
    same = NodeBuild("x", "D", Build(args=dict(reversed({"A": "1", "B": "2"}.items())), tags=("t",), no_cache=True))
    first = NodeBuild("x", "D", Build(args={"A": "1", "B": "2"}))

    assert [*same.meant()] == [*first.meant()]
    others = (
        Build(args={"A": "1", "B": "3"}),
        Build(target="t"),
        Build(labels={"l": "m"}),
        Build(network="none"),
        Build(extra_hosts={"h": ("1.1.1.1",)}),
    )
    seen = {tuple(NodeBuild("x", "D", one).meant()) for one in (first.build, *others)}
    assert len(seen) == 6
