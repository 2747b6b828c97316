"""What a bind mount means in a cluster."""

import pytest

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.volumes.host_paths import Place, decide
from tests.translator.making import HERE

FILES = {
    "nginx.conf": "events {}",
    "tls.key": "x",
    "big.txt": "x" * (1024 * 1024 + 1),
    "app.db": b"\x00\xff",
    "latin1.txt": b"caf\xe9",
    "conf/a.conf": "a",
    "conf/b.conf": "b",
    "certs/server.pem": "x",
    "heavy/one": "x" * 700_000,
    "heavy/two": "x" * 700_000,
    "odd/..data/x": "x",
}


@pytest.mark.parametrize(
    ("source", "read_only", "place"),
    [
        ("nginx.conf", True, Place.CONFIG),
        ("nginx.conf", False, Place.CONFIG),
        ("tls.key", True, Place.SECRET),
        ("big.txt", True, Place.CLAIM),
        ("app.db", False, Place.CLAIM),
        ("app.db", True, Place.CONFIG),
        ("latin1.txt", True, Place.CONFIG),
        ("conf", True, Place.CONFIG),
        ("conf", False, Place.CLAIM),
        ("certs", True, Place.SECRET),
        ("heavy", True, Place.CLAIM),
        ("odd", True, Place.CLAIM),
        ("missing", True, Place.EMPTY),
        ("/etc/localtime", True, Place.TIME),
        ("/var/run/docker.sock", False, Place.SOCKET),
        ("/proc", True, Place.NODE),
        ("/sys/fs/cgroup", True, Place.NODE),
        ("/", True, Place.NODE),
        ("/etc/letsencrypt", False, Place.EMPTY),
        ("/process", True, Place.EMPTY),
    ],
)
def test_place(source: str, read_only: bool, place: Place) -> None:
    path = source if source.startswith("/") else f"{HERE}/{source}"
    mount = Mount(type="bind", source=path, target="/x", read_only=read_only)

    assert decide(mount, HERE, Host(Memory(FILES, HERE))).place is place


def test_entrypoint_folders_are_only_read() -> None:
    mount = Mount(type="bind", source=f"{HERE}/conf", target="/docker-entrypoint-initdb.d/")

    assert decide(mount, HERE, Host(Memory(FILES, HERE))).place is Place.CONFIG


def test_a_project_below_a_system_path_is_still_a_project() -> None:
    mount = Mount(type="bind", source="/usr/src/app/conf", target="/x", read_only=True)

    assert decide(mount, "/usr/src/app", Host(Memory({"/usr/src/app/conf/a": "a"}))).place is Place.CONFIG
