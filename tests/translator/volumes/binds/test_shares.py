"""Folders that the node also has: which become a volume in a pod, and why others do not."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.files import Disk
from stackferry.translator import Options, Translation, translate
from stackferry.translator.options import NodeFolders, Share
from stackferry.translator.volumes.binds.host_paths import Place
from tests.translator.making import HERE, codes, container, ids, note, pod, service, translated
from tests.translator.making import project as project_of

HOME = NodeFolders((Share("/home", "/hosthome"),))
LARGE = {"code/app.py": "x" * 2_000_000}


def bind(source: str, target: str, **keys: object) -> Mount:
    return Mount(type="bind", source=source if source.startswith("/") else f"{HERE}/{source}", target=target, **keys)


def on(node: NodeFolders, *services: object, files: object = None) -> Translation:
    return translated(*services, files=LARGE if files is None else files, options=Options(copies=True, node=node))  # type: ignore[arg-type]


def unshared(found: Translation) -> str:
    (reason,) = {each.decision.unshared for each in found.bind_mounts}
    return reason


def test_a_folder_below_a_share_is_the_nodes() -> None:
    found = on(HOME, service(volumes=(bind("code", "/app"),)))

    (volume,) = pod(found)["volumes"]
    assert volume["hostPath"] == {"path": "/hosthome/me/shop/code", "type": "Directory"}
    assert not [each for each in ids(found.objects) if each.startswith("Persistent")]
    assert "initContainers" not in pod(found)
    assert found.copies == ()
    assert [each.decision.place for each in found.bind_mounts] == [Place.SHARED]
    assert codes(found) == ["shared-folder"]
    assert "/hosthome/me/shop/code" in note(found, "shared-folder").message


def test_what_lies_in_it_is_shared_with_it() -> None:
    files = {"work/a/large": "x" * 2_000_000, "work/b/conf": "y"}
    found = on(
        HOME,
        service(volumes=(bind("work", "/w"),)),
        service("api", volumes=(bind("work/a", "/a", read_only=True), bind("work/b/conf", "/conf"))),
        service("new", volumes=(bind("work/later", "/later"),)),
        files=files,
    )

    paths = {each["name"]: each["hostPath"] for each in pod(found, "Deployment/api")["volumes"]}
    assert paths == {
        "host-a": {"path": "/hosthome/me/shop/work/a", "type": "Directory"},
        "host-conf": {"path": "/hosthome/me/shop/work/b/conf", "type": "File"},
    }
    (later,) = pod(found, "Deployment/new")["volumes"]
    assert later["hostPath"] == {"path": "/hosthome/me/shop/work/later", "type": "DirectoryOrCreate"}
    assert container(found, "Deployment/api")["volumeMounts"][0]["readOnly"] is True


def test_what_is_small_and_only_read_travels_as_it_does_everywhere() -> None:
    found = on(HOME, service(volumes=(bind("conf", "/conf", read_only=True),)), files={"conf/a": "1"})

    assert [each.split("/")[0] for each in ids(found.objects)] == ["ConfigMap", "Service", "Deployment"]


@pytest.mark.parametrize(
    ("keys", "files", "why"),
    [
        ({"image": "postgres:17"}, LARGE, "web is a database, and its files are not safe in a shared folder"),
        ({"image": "acme/thing", "target": "/var/lib/mysql"}, LARGE, "web is a database, and its"),
        ({"image": "acme/thing"}, {"code/instance/app.sqlite3": "x"}, "it contains database files, which are"),
        ({"user": "999"}, LARGE, "web writes to it as user 999, but a shared folder belongs to 1000"),
        ({"image": "grafana/mimir"}, LARGE, "web is a database"),
        ({"image": "nginx:1"}, {"other": "x"}, "it does not exist on this machine"),
        ({"image": "nginx:1"}, {"code": "x" * 2_000_000}, "it is a single file"),
    ],
)
def test_what_must_not_be_shared_is_a_claim_and_says_why(keys: dict[str, str], files: object, why: str) -> None:
    target = keys.pop("target", "/data")
    for node in (HOME, NodeFolders((), "/minikube-host")):
        found = on(node, service(**keys, volumes=(bind("code", target),)), files=files)

        assert [each for each in ids(found.objects) if each.startswith("Persistent")]
        assert unshared(found).startswith(why)


@pytest.mark.parametrize("user", ["1000", "1000:50", "0", "root"])
def test_who_everything_belongs_to_may_write(user: str) -> None:
    assert on(HOME, service(user=user, volumes=(bind("code", "/app"),))).copies == ()


def test_who_only_reads_may_be_anybody() -> None:
    assert on(HOME, service(user="999", volumes=(bind("code", "/app", read_only=True),))).copies == ()


def test_a_database_in_it_keeps_the_whole_from_being_shared() -> None:
    """One claim for all who see the same files, or the folder for all."""
    files = {"all/code/x": "x" * 2_000_000, "all/db/y": "y"}
    found = on(
        HOME,
        service(volumes=(bind("all", "/all"),)),
        service("db", image="mysql:8", volumes=(bind("all/db", "/var/lib/mysql"),)),
        files=files,
    )

    assert {each.decision.place for each in found.bind_mounts} == {Place.HAND}
    assert unshared(found).startswith("db is a database")


def test_outside_of_a_share_it_is_copied_or_mounted() -> None:
    services = (service(volumes=(bind("code", "/app"),)),)
    elsewhere = on(NodeFolders((Share("/srv", "/srv"),)), *services)
    nowhere = on(NodeFolders((), None, "the node has no /hosthome"), *services)
    mounted = on(NodeFolders((), "/minikube-host"), *services)

    assert unshared(elsewhere) == "it is not below /srv, which is what the node shares"
    assert unshared(nowhere) == "the node has no /hosthome"
    assert [each.claim for each in nowhere.copies] == ["host-code"]
    (volume,) = pod(mounted)["volumes"]
    assert volume["hostPath"] == {"path": "/minikube-host/shop/host-code", "type": "Directory"}
    assert [each.decision.place for each in mounted.bind_mounts] == [Place.MOUNTED]


def of_disk(project: Path, node: NodeFolders, source: Path) -> Translation:
    made = replace(project_of(service(volumes=(bind(str(source), "/data"),))), directory=str(project))
    return translate(made, Disk(str(project)), Options(copies=True, node=node))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose folder lies in `home`, with data."""
    folder = tmp_path / "home" / "shop"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "x").write_bytes(b"x" * 2_000_000)
    return folder


def test_links_are_followed_before_it_is_decided(project: Path, tmp_path: Path) -> None:
    node = NodeFolders((Share(str(tmp_path / "home"), "/hosthome"),))
    (project / "link").symlink_to("data")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x").write_bytes(b"x" * 2_000_000)
    (project / "out").symlink_to(tmp_path / "elsewhere")

    (inside,) = of_disk(project, node, project / "link").bind_mounts
    (outside,) = of_disk(project, node, project / "out").bind_mounts

    assert inside.decision.guest == "/hosthome/shop/data"
    assert outside.decision.unshared == f"it is not below {tmp_path / 'home'}, which is what the node shares"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_folder_of_another_user_is_copied(project: Path, tmp_path: Path) -> None:
    node = NodeFolders((Share(str(tmp_path), "/hosthome"),))
    os.chown(project / "data", 999, 999)

    found = of_disk(project, node, project / "data")
    assert unshared(found) == "it belongs to user 999 on this machine, but a shared folder does not preserve owners"
