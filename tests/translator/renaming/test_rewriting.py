"""The old name is replaced where it is a whole host, and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.renaming.renames import Renames
from stackferry.translator.renaming.rewriting import rewrite

RENAMES = Renames(
    {"my_db": "my-db", "DB": "db"},
    {"my_db": "my-db", "DB": "db", "web": "web"},
    frozenset(("shop_net",)),
    {"web": "web-tasks"},
    "shop",
)


@pytest.mark.parametrize(
    ("key", "text", "expected", "left"),
    [
        ("URL", "postgres://u:my_db@my_db:5432/my_db", "postgres://u:my_db@my-db:5432/my_db", ("my_db",)),
        ("HOST", "my_db", "my-db", ()),
        ("X", "my_db", "my-db", ()),
        ("HOSTS", "my_db,my_db:1,x", "my-db,my-db:1,x", ()),
        ("POSTGRES_DB", "my_db", "my_db", ("my_db",)),
        ("X", "it is my_db", "it is my_db", ("my_db",)),
        ("X", "my_db_data my_db.example.com", "my_db_data my_db.example.com", ()),
        ("X", "http://my_db.shop_net:1", "http://my-db:1", ()),
        ("X", "http://web.shop_net:1", "http://web:1", ()),
        ("X", "http://tasks.web:1", "http://web-tasks:1", ()),
        ("", "names: ['tasks.web', 'tasks.shop_web']", "names: ['web-tasks', 'web-tasks']", ()),
        ("CELERY_IMPORTS", "tasks.web", "tasks.web", ("tasks.web",)),
        ("X", "http://shop_web:1 http://shop_my_db/shop_web", "http://web:1 http://my-db/shop_web", ()),
        (
            "X",
            "http://shop-web-1:1 http://shop_web_1:1 http://shop_web_2:1",
            "http://web:1 http://web:1 http://shop_web_2:1",
            (),
        ),
        ("DB_HOST", "shop_my_db", "my-db", ()),
        ("POSTGRES_DB", "shop_web", "shop_web", ()),
        ("X", "shop_web", "shop_web", ()),
        ("X", "http://DB:1 and DB", "http://db:1 and DB", ()),
        ("X", "http://host.docker.internal:1", "http://host.minikube.internal:1", ()),
        ("X", "server my_db; server web;", "server my-db; server web;", ()),
    ],
)
def test_rewrite(key: str, text: str, expected: str, left: tuple[str, ...]) -> None:
    done = rewrite(text, key, RENAMES)

    assert (done.text, done.left) == (expected, left)
    assert bool(done.changes) is (text != expected)


def test_changes_are_said_without_what_stands_around_them() -> None:
    assert rewrite("amqp://u:secret@my_db:5672/x", "URL", RENAMES).changes == (("my_db:5672", "my-db:5672"),)


@given(st.text())
def test_text_without_the_name_stays(text: str) -> None:
    assert rewrite(text, "X", Renames({}, {}, frozenset())).text == text


@given(st.lists(st.sampled_from(("my_db", "my-db", ":1", " ", "http://", "@", "/", ",", "=", "x", '"'))).map("".join))
def test_twice_is_once(text: str) -> None:
    once = rewrite(text, "", RENAMES).text

    assert rewrite(once, "", RENAMES).text == once
    assert once.replace("my-db", "my_db") == text.replace("my-db", "my_db")
