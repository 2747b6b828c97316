"""Secrets and configs that stacks make themselves: their record after one deployment, and after the next."""

from dataclasses import replace

import pytest

from stackferry.emulator.desired.payloads import Payload
from stackferry.emulator.store.user_payloads import StoredObject, named, owned
from stackferry.grammar.diagnostics import StackferryError

KEY = Payload("secret", "key", "s_key", "d1", {"tier": "back"})
APP = Payload("config", "app", "s_app", "d2", templated=True)
OUTSIDE = Payload("secret", "shared", "shared", "d3", external=True)


def test_what_a_deployment_makes() -> None:
    key, app = owned("s", (KEY, APP, OUTSIDE), (), 5.0)

    assert (key.kind, key.name, key.digest, key.created_at, key.updated_at) == ("secret", "s_key", "d1", 5.0, 5.0)
    assert key.labels == {"tier": "back", "com.docker.stack.namespace": "s"}
    assert (app.kind, app.name, app.template) == ("config", "s_app", "golang")
    assert len(key.id) == 25
    assert key.id != app.id


def test_the_next_deployment() -> None:
    """The same content has the same age; one that the file has no more stays, as in a swarm."""
    first = owned("s", (KEY, APP), (), 5.0)

    second = owned("s", (replace(KEY, digest="d9"),), first, 8.0)
    third = owned("s", (replace(KEY, digest="d9"), APP), second, 9.0)

    times = [(one.name, one.digest, one.created_at, one.updated_at) for one in third]
    assert times == [("s_key", "d9", 5.0, 8.0), ("s_app", "d2", 5.0, 5.0)]
    assert [one.id for one in third] == [one.id for one in first]
    assert second[1] == first[1]


def test_beginnings_of_ids() -> None:
    known = [StoredObject("secret", "key", "abc1"), StoredObject("secret", "abc", "abd2")]

    assert named("secret", "abc", known).name == "abc"
    assert named("secret", "abc1", known).name == "key"
    with pytest.raises(StackferryError, match=r"secret ab is ambiguous \(2 matches found\)"):
        named("secret", "ab", known)
    with pytest.raises(StackferryError, match="secret x not found"):
        named("secret", "x", known)
