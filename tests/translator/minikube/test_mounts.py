"""How bind mounts get to a node of minikube, and the notes about it."""

import pytest

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.translator import Options, Translation
from stackferry.translator.minikube.mounts import Wanted, Way, failure, is_mounted, mounts, wanted
from stackferry.translator.options import NodeFolders, Share
from tests.translator.making import HERE, service, translated

LARGE = "x" * 2_000_000
FILES = {"conf/a": "1", "key.pem": "k", "code/app": LARGE, "data/ibdata1": LARGE, "one.bin": LARGE}


def bind(source: str, target: str, **keys: object) -> Mount:
    return Mount(type="bind", source=source if source.startswith("/") else f"{HERE}/{source}", target=target, **keys)


def stack(node: NodeFolders) -> Translation:
    return translated(
        service(
            volumes=(
                bind("conf", "/conf", read_only=True),
                bind("key.pem", "/key.pem", read_only=True),
                bind("code", "/app"),
                bind("one.bin", "/one.bin"),
                bind("absent", "/absent"),
                bind("/etc/localtime", "/etc/localtime", read_only=True),
                bind("/var/run/docker.sock", "/var/run/docker.sock"),
            )
        ),
        service("db", image="mysql:8", volumes=(bind("data", "/var/lib/mysql"),)),
        files=FILES,
        options=Options(copies=True, node=node),
    )


def ways(found: Translation) -> list[tuple[str, Way]]:
    return [(one.source, one.way) for one in mounts(found)]


BEFORE = [("./conf", Way.INLINE), ("./key.pem", Way.INLINE)]
AFTER = [
    ("./one.bin", Way.COPY),
    ("./absent", Way.EMPTY),
    ("/etc/localtime", Way.NONE),
    ("/var/run/docker.sock", Way.NODE),
    ("./data", Way.COPY),
]


@pytest.mark.parametrize(
    ("node", "way"),
    [
        (NodeFolders((Share("/home", "/hosthome"),)), Way.SHARE),
        (NodeFolders((Share("/home", "/hosthome"),), "/minikube-host"), Way.SHARE),
        (NodeFolders((), "/minikube-host", "the driver docker does not share folders"), Way.MOUNT),
        (NodeFolders((Share("/srv", "/srv"),), "/minikube-host"), Way.MOUNT),
        (NodeFolders((), None, "the node has no /hosthome"), Way.COPY),
        (NodeFolders(), Way.COPY),
    ],
)
def test_only_a_folder_that_would_be_copied_takes_another_way(node: NodeFolders, way: Way) -> None:
    assert ways(stack(node)) == [*BEFORE, ("./code", way), *AFTER]


def test_each_says_why_in_a_sentence() -> None:
    said = {one.source: str(one) for one in mounts(stack(NodeFolders((Share("/home", "/hosthome"),))))}

    assert said["./conf"] == (
        "web: ./conf at /conf: inline: it is small and read-only, so it becomes a ConfigMap, and changes are rolled out"
    )
    assert "a Secret" in said["./key.pem"]
    assert said["./code"] == "web: ./code at /app: shared: the node shares it at /hosthome/me/shop/code, live"
    assert said["./one.bin"].endswith("; not shared, because it is a single file")
    assert said["./data"] == (
        "db: ./data at /var/lib/mysql: copied: into the claim host-data: only while the claim is"
        " empty, because it holds a database's data; not shared, because db is a database, and its"
        " files are not safe in a shared folder"
    )
    assert (
        said["./absent"]
        == "web: ./absent at /absent: empty: it does not exist on this machine; the claim host-absent is used instead"
    )


def test_a_folder_is_mounted_once_for_all() -> None:
    node = NodeFolders((), "/minikube-host")
    found = translated(
        service(volumes=(bind("code", "/app"), bind("code/sub", "/sub"))),
        service("b", volumes=(bind("code", "/b", read_only=True),)),
        files={"code/sub/x": LARGE},
        options=Options(copies=True, node=node),
    )

    (mount,) = wanted(found)
    assert mount == Wanted(f"{HERE}/code", "/minikube-host/shop/host-code")
    assert mount.words("mini") == ["minikube", "mount", f"{HERE}/code:/minikube-host/shop/host-code", "-p", "mini"]
    assert mount.name == "minikube-host+shop+host-code"
    assert wanted(stack(NodeFolders((Share("/home", "/hosthome"),)))) == ()


def test_a_process_is_known_by_what_it_mounts() -> None:
    mount = Wanted("/home/me/a b", "/m/shop/x")

    assert mount.is_served_by("/usr/bin/minikube mount /home/me/a b:/m/shop/x -p minikube ")
    assert not mount.is_served_by("/usr/bin/minikube mount /home/me/a b:/m/shop/xy -p minikube")
    assert not mount.is_served_by("vi /home/me/a b:/m/shop/x")
    assert not mount.is_served_by("")


def test_what_a_node_has_mounted() -> None:
    text = "overlay / overlay rw 0 0\n192.168.59.1 /m/shop/x 9p rw,uid=1000 0 0\n\ntmpfs /m/shop/y tmpfs rw 0 0\n"

    assert [is_mounted(text, one) for one in ("/m/shop/x", "/m/shop/y", "/m/shop")] == [True, False, False]


@pytest.mark.parametrize(
    ("said", "why", "hint"),
    [
        (
            "* Mounting …\nX Exiting due to HOST_UNSUPPORTED: The host does not support filesystem 9p.\n",
            "The host does not support filesystem 9p. (HOST_UNSUPPORTED)",
            "without --mount, folders are copied",
        ),
        (
            "X Exiting due to GUEST_MOUNT_COULD_NOT_CONNECT: mount could not connect: x\n",
            "could not connect",
            "firewall",
        ),
        ("panic: something\n\n", "panic: something", "copied"),
        ("", "it exited without a message", "copied"),
    ],
)
def test_why_a_mount_has_ended(said: str, why: str, hint: str) -> None:
    found = failure(said)

    assert why in found[0]
    assert hint in found[1]
