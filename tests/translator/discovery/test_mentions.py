"""A name counts only as a whole host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.discovery.mentions import GAP, mentions

NAMES = frozenset(("my_db", "db", "web", "cache"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://my_db:5432/x", [("my_db", 5432)]),
        ("postgres://u:p@my_db/my_db", [("my_db", 5432)]),
        ("postgresql+asyncpg://u:p@db/x", [("db", 5432)]),
        ("mongodb://db,web:27018/x", [("db", 27017), ("web", 27018)]),
        ("x my_db:5432,db:1", [("my_db", 5432), ("db", 1)]),
        ("PLAINTEXT://db:9092", [("db", 9092)]),
        ("u:p@tcp(my_db:3306)/x", [("my_db", 3306)]),
        ("http://my_db:${PORT}/", [("my_db", None)]),
        ("http://my_db:pw@host/", []),
        ("psql -h my_db -p 5433 -U my_db", [("my_db", 5433)]),
        ("until nc -z my_db 5432; do sleep 1; done", [("my_db", 5432)]),
        ("--db-host=my_db", [("my_db", None)]),
        ("exec 3<>/dev/tcp/db/5432", [("db", 5432)]),
        ("host=db port=5432 dbname=db", [("db", 5432)]),
        ("Server=my_db;Database=my_db", [("my_db", None)]),
        ('{"host": "my_db", "db": "my_db"}', [("my_db", None)]),
        ("proxy_pass http://web;", [("web", 80)]),
        ("upstream web { server web:8000; } proxy_pass http://web;", [("web", 8000)]),
        ("/var/lib/my_db my_db_data $db ${db} web.example.com", []),
    ],
)
def test_hosts(text: str, expected: list[tuple[str, int | None]]) -> None:
    found = [(one.name, one.port) for one in mentions(text, "", NAMES.__contains__) if one.is_host]
    words = [one for one in mentions(text.replace(" ", GAP), "", NAMES.__contains__) if one.is_host]

    assert found == expected
    assert ("nc" not in text and "psql" not in text) or [(one.name, one.port) for one in words] == expected


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("DB_HOST", "my_db", ("address", None)),
        ("REDIS_HOST", "cache", ("address", 6379)),
        ("UPSTREAM", "my_db", ("address", None)),
        ("BACKEND", "my_db", ("name", None)),
        ("PEERS", "db, localhost:1", ("address", None)),
        ("POSTGRES_DB", "my_db", ("word", None)),
        ("DB_USER", "my_db", ("word", None)),
        ("", "my_db", ("word", None)),
    ],
)
def test_a_value_that_is_the_name_alone(key: str, text: str, expected: tuple[str, int | None]) -> None:
    (found,) = mentions(text, key, NAMES.__contains__)

    assert (found.strength, found.port) == expected


@given(st.text(), st.sampled_from(("", "DB_HOST", "X")))
def test_any_text_can_be_read(text: str, key: str) -> None:
    for mention in mentions(f"{text}db:1{text}", key, NAMES.__contains__):
        assert f"{text}db:1{text}"[mention.start : mention.end] == mention.name
        assert mention.port is None or 0 < mention.port < 65536
