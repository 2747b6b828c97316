"""Mounts by type, and precedence for the same target."""

import pytest

from stackferry.grammar.compose.model.attachments import ImageOptions, Mount, TmpfsOptions, VolumeOptions
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.resources import Volume
from stackferry.grammar.compose.syntax.units import Bytes
from stackferry.translator import Options
from stackferry.translator.options import CopyUp
from tests.translator.making import HERE, codes, container, note, pod, service, translated

MIB = 1 << 20


@pytest.mark.parametrize(
    ("text", "volume", "noted"),
    [
        ("/run", {"medium": "Memory"}, []),
        ("/run:size=64m", {"medium": "Memory", "sizeLimit": "64Mi"}, []),
        ("/run:size=64m,mode=1777", {"medium": "Memory", "sizeLimit": "64Mi"}, []),
        ("/run:mode=700,noexec", {"medium": "Memory"}, ["tmpfs-option"]),
        ("/run:mode=odd,uid=nobody", {"medium": "Memory"}, ["tmpfs-option"]),
    ],
)
def test_short_tmpfs(text: str, volume: dict[str, str], noted: list[str]) -> None:
    found = translated(service(tmpfs=(text,)))

    assert [each["emptyDir"] for each in pod(found)["volumes"]] == [volume]
    assert container(found)["volumeMounts"][0]["mountPath"] == "/run"
    assert codes(found) == noted


def test_long_tmpfs_is_memory_not_a_claim() -> None:
    mount = Mount(type="tmpfs", target="/cache", tmpfs=TmpfsOptions(size=Bytes(MIB), mode=0o700))
    found = translated(service(volumes=(mount,)))

    assert pod(found)["volumes"][0]["emptyDir"] == {"medium": "Memory", "sizeLimit": "1Mi"}
    assert pod(found)["initContainers"][0]["command"][4:] == ["/stackferry/tmpfs-cache", "700", ""]
    assert codes(found) == []


def test_folders_in_memory_get_mode_and_owner_from_one_container() -> None:
    found = translated(service(tmpfs=("/a:mode=1770,uid=70,gid=70", "/b:uid=5", "/c:mode=1777")))

    (made,) = pod(found)["initContainers"]
    assert made["command"][4:] == ["/stackferry/tmpfs-a", "1770", "70:70", "/stackferry/tmpfs-b", "1777", "5"]


def test_shared_memory() -> None:
    found = translated(service(shm_size=Bytes(64 * MIB)))

    assert pod(found)["volumes"] == [{"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}}]
    assert container(found)["volumeMounts"] == [{"name": "shm", "mountPath": "/dev/shm"}]


def test_shared_memory_is_one_for_all_that_share_the_namespace() -> None:
    found = translated(
        service(shm_size=Bytes(MIB)), service("other", ipc="service:web"), service("third", network_mode="service:web")
    )

    mounts = [[each["name"] for each in one.get("volumeMounts", [])] for one in pod(found)["containers"]]
    assert mounts == [["shm"], ["shm"], []]


def test_anonymous_volume() -> None:
    found = translated(service(volumes=(Mount(type="volume", target="/data"),)))

    assert pod(found)["volumes"] == [{"name": "volume-data", "emptyDir": {}}]
    assert codes(found) == ["anonymous-volume"]


def test_read_only_is_the_mounts_not_the_volumes() -> None:
    mount = Mount(type="volume", source="data", target="/data", read_only=True)
    found = translated(service(volumes=(mount,)), volumes={"data": Volume()})

    assert pod(found)["volumes"] == [{"name": "volume-data", "persistentVolumeClaim": {"claimName": "data"}}]
    assert container(found)["volumeMounts"] == [
        {"name": "volume-data", "mountPath": "/data", "subPath": "data", "readOnly": True}
    ]


def test_subpath_and_nocopy() -> None:
    options = VolumeOptions(subpath="a/b", nocopy=True)
    mount = Mount(type="volume", source="data", target="/data", volume=options)
    found = translated(service(volumes=(mount,)), volumes={"data": Volume()})

    assert container(found)["volumeMounts"][0]["subPath"] == "data/a/b"
    assert codes(found) == []


@pytest.mark.parametrize("path", ["../b", "/b", "a/../../b"])
def test_subpath_out_of_the_volume_is_left_out(path: str) -> None:
    mount = Mount(type="volume", source="data", target="/data", volume=VolumeOptions(subpath=path))
    found = translated(service(volumes=(mount,)), volumes={"data": Volume()})

    assert "volumeMounts" not in container(found)
    assert note(found, "subpath").path == ("services", "web", "volumes", 0, "volume", "subpath")


def test_image_mount() -> None:
    mount = Mount(type="image", source="tools:1", target="/tools", image=ImageOptions(subpath="bin"))
    found = translated(service(volumes=(mount,)), options=Options(kubernetes=35))

    assert pod(found)["volumes"][0]["image"] == {"reference": "tools:1", "pullPolicy": "IfNotPresent"}
    assert container(found)["volumeMounts"][0]["subPath"] == "bin"
    assert codes(found) == []


def test_image_mount_is_copied_where_the_cluster_has_none() -> None:
    mount = Mount(type="image", source="tools:1", target="/tools", image=ImageOptions(subpath="bin"))
    found = translated(service(volumes=(mount,)))

    (made,) = pod(found)["initContainers"]
    assert (made["image"], made["command"][4:]) == ("tools:1", ["bin"])
    assert container(found)["volumeMounts"][0]["subPath"] == "data"
    assert codes(found) == ["image-volume"]


@pytest.mark.parametrize(
    ("way", "image", "copied"),
    [
        ("known", "nginx:1", True),
        ("known", "busybox:1", False),
        ("never", "nginx:1", False),
        ("always", "busybox:1", True),
    ],
)
def test_copy_up(way: CopyUp, image: str, copied: bool) -> None:
    mount = Mount(type="volume", source="html", target="/usr/share/nginx/html")
    found = translated(service(image=image, volumes=(mount,)), volumes={"html": Volume()}, options=Options(copy_up=way))

    made = pod(found).get("initContainers", [])
    assert [each["image"] for each in made] == ([image] if copied else [])
    assert codes(found) == (["copy-up"] if copied else [])


def test_volume_in_memory_is_whose_its_options_say() -> None:
    volume = Volume(driver_opts={"type": "tmpfs", "device": "tmpfs", "o": "size=2m,uid=1000,mode=0700,noexec"})
    mount = Mount(type="volume", source="t", target="/t")
    found = translated(service(volumes=(mount,)), volumes={"t": volume})

    assert pod(found)["initContainers"][0]["command"][4:] == ["/stackferry/volume-t", "700", "1000"]
    assert note(found, "tmpfs-option").message.endswith("not applied: noexec")


@pytest.mark.parametrize("written", [False, True])
def test_copy_up_for_who_only_reads_what_nobody_writes(written: bool) -> None:
    html = Mount(type="volume", source="html", target="/usr/share/nginx/html", read_only=True)
    writer = Mount(type="volume", source="html", target="/out", read_only=not written)
    found = translated(
        service(image="nginx:1", volumes=(html,)), service("build", volumes=(writer,)), volumes={"html": Volume()}
    )

    assert ("initContainers" in pod(found)) is not written


def test_copy_up_into_an_anonymous_volume_of_what_is_built_here() -> None:
    built = service(image=None, build=Build(context=HERE), volumes=(Mount(type="volume", target="/app/node_modules"),))
    found = translated(built)

    assert pod(found)["initContainers"][0]["image"] == "shop-web:latest"
    assert container(found)["volumeMounts"][0]["subPath"] == "data"


@pytest.mark.parametrize("kind", ["npipe", "cluster"])
def test_mounts_that_no_linux_pod_has(kind: str) -> None:
    assert codes(translated(service(volumes=(Mount(type=kind, source="x", target="/x"),)))) == ["mount-type"]


def test_later_mount_wins_and_the_loser_leaves_no_volume() -> None:
    mounts = (Mount(type="volume", target="/run/"), Mount(type="volume", target="/other"))
    found = translated(service(volumes=mounts, tmpfs=("/run:size=1m",)))

    assert [each["mountPath"] for each in container(found)["volumeMounts"]] == ["/run", "/other"]
    assert len(pod(found)["volumes"]) == 2
    assert pod(found)["volumes"][1]["emptyDir"].get("medium") == "Memory"


def test_volumes_from() -> None:
    data = Mount(type="volume", source="data", target="/data")
    found = translated(
        service(volumes_from=("db:ro", "container:else")), service("db", volumes=(data,)), volumes={"data": Volume()}
    )

    assert container(found)["volumeMounts"] == [
        {"name": "volume-data", "mountPath": "/data", "subPath": "data", "readOnly": True}
    ]
    assert "volumes-from" in codes(found)


@pytest.mark.parametrize("target", ["C:\\data", "/"])
def test_place_that_kubernetes_refuses(target: str) -> None:
    assert "mount-target" in codes(translated(service(volumes=(Mount(type="volume", target=target),))))
