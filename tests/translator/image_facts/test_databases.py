"""Which services are databases, and which folders hold their data."""

from pathlib import Path

import pytest

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.files import Disk, Memory
from stackferry.translator.host import Host
from stackferry.translator.image_facts.databases import (
    has_database_files,
    has_server_data,
    holds_data,
    is_database,
)
from tests.translator.making import HERE, service

NOTHING = Host(Memory({}, HERE))


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("postgres:17-alpine", True),
        ("docker.io/library/mysql", True),
        ("timescale/timescaledb-ha:pg16", True),
        ("registry.corp:5000/team/our_redis:2", True),
        ("ghcr.io/acme/MariaDB-galera@sha256:" + "0" * 64, True),
        ("nginx:1", False),
        ("node:22", False),
        ("acme/mysqlx-shop", False),
    ],
)
def test_a_database_is_known_by_its_image(image: str, expected: bool) -> None:
    assert is_database(service(image=image), NOTHING) is expected


def test_a_database_that_is_built_here_is_known_by_what_it_is_built_on() -> None:
    host = Host(Memory({"db/Dockerfile": "FROM postgres:17\nCOPY x /x\n", "web/Dockerfile": "FROM node:22\n"}, HERE))

    assert is_database(service(build=Build(context=f"{HERE}/db")), host)
    assert not is_database(service(build=Build(context=f"{HERE}/web")), host)
    assert not is_database(service(build=Build(context=f"{HERE}/nowhere")), host)


def test_data_is_told_from_configuration() -> None:
    database, other = service(image="mysql:8"), service(image="acme/thing")

    assert holds_data(database, "/var/lib/mysql", NOTHING)
    assert holds_data(database, "/anywhere/else", NOTHING)
    assert not holds_data(database, "/etc/mysql/conf.d", NOTHING)
    assert not holds_data(database, "/docker-entrypoint-initdb.d/", NOTHING)
    assert holds_data(other, "/var/lib/postgresql/data/", NOTHING)
    assert not holds_data(other, "/var/lib/thing", NOTHING)


def test_files_of_databases_are_found_one_folder_deep() -> None:
    files = {"pg/PG_VERSION": "17", "app/instance/app.sqlite3": "x", "code/a/b/c.db": "x", "code/main.py": "x"}
    host = Host(Memory(files, HERE))

    assert has_server_data(f"{HERE}/pg", host)
    assert not has_server_data(f"{HERE}/app", host)
    assert has_database_files(f"{HERE}/app", host)
    assert has_database_files(f"{HERE}/app/instance/app.sqlite3", host)
    assert not has_database_files(f"{HERE}/code", host)


def test_a_folder_that_cannot_be_read_holds_nothing(tmp_path: Path) -> None:
    assert not has_server_data(str(tmp_path / "absent"), Host(Disk(str(tmp_path))))
