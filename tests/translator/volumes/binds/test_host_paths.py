"""The meaning of a host path in a cluster."""

import pytest

from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.volumes.binds.host_paths import Place, decide
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
    "/home/me/other/a.conf": "a",
    "/home/me/other/b.key": "x",
    "/home/me/.ssh/config": "x",
    "/home/me/site/index.html": "x",
    "/etc/letsencrypt/live/x": "x",
    "/etc/mine.conf": "x",
    "/root/.bashrc": "x",
}


def place(source: str, *, written: bool, directory: str = HERE) -> Place:
    path = source if source.startswith("/") else f"{HERE}/{source}"
    return decide(path, directory, Host(Memory(FILES, HERE)), written=written).place


@pytest.mark.parametrize(
    ("source", "written", "expected"),
    [
        ("nginx.conf", False, Place.CONFIG),
        ("nginx.conf", True, Place.CLAIM),
        ("tls.key", False, Place.SECRET),
        ("big.txt", False, Place.HAND),
        ("big.txt", True, Place.HAND),
        ("app.db", True, Place.CLAIM),
        ("app.db", False, Place.CONFIG),
        ("latin1.txt", False, Place.CONFIG),
        ("conf", False, Place.CONFIG),
        ("conf", True, Place.CLAIM),
        ("certs", False, Place.SECRET),
        ("heavy", True, Place.HAND),
        ("odd", False, Place.CONFIG),
        ("odd", True, Place.CLAIM),
        ("missing", False, Place.EMPTY),
        ("/etc/localtime", False, Place.TIME),
        ("/var/run/docker.sock", True, Place.SOCKET),
        ("/proc", False, Place.NODE),
        ("/sys/fs/cgroup", False, Place.NODE),
        ("/", False, Place.NODE),
        ("/process", False, Place.EMPTY),
    ],
)
def test_place(source: str, written: bool, expected: Place) -> None:
    assert place(source, written=written) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/etc/letsencrypt", Place.FOREIGN),
        ("/etc/mine.conf", Place.NOWHERE),
        ("/root", Place.FOREIGN),
        ("/var/lib/mine", Place.EMPTY),
        ("/home/me/.ssh", Place.FOREIGN),
        ("/home/me/other", Place.FOREIGN),
        ("/home/me/other/b.key", Place.NOWHERE),
        ("/home/me/other/a.conf", Place.CONFIG),
        ("/home/me/site", Place.CONFIG),
    ],
)
def test_nothing_of_the_machine_and_no_secret_of_somebody_else_is_copied(source: str, expected: Place) -> None:
    assert place(source, written=False) is expected


def test_a_project_below_a_system_path_is_still_a_project() -> None:
    host = Host(Memory({"/usr/src/app/conf/a": "a", "/var/www/shared/b.key": "b"}))

    assert decide("/usr/src/app/conf", "/usr/src/app", host, written=False).place is Place.CONFIG
    assert decide("/var/www/shared", "/var/www/web", host, written=False).place is Place.SECRET


def test_what_docker_ignores_and_what_we_wrote_stays_here() -> None:
    files = {
        ".dockerignore": "node_modules\n*.log\n",
        ".git/config": "x",
        "app.py": "x",
        "a.log": "x",
        "node_modules/x/y": "x",
        "k8s/web.yaml": "app.kubernetes.io/managed-by: stackferry",
    }
    found = decide(HERE, HERE, Host(Memory(files, HERE)), written=True)

    assert [file.path for file in found.contents.files] == [".dockerignore", "app.py"]
    assert found.contents.left_out == ("what .dockerignore names",)
