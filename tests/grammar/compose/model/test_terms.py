"""Structured strings: accepts the parts that compose accepts, and refuses others."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.model.terms import (
    TERMS,
    Constraint,
    DnsOption,
    Exposed,
    Link,
    Namespace,
    Owner,
    Period,
    Platform,
    PortRange,
    PullPolicy,
    Restart,
    SecurityOption,
    TmpfsMount,
    User,
    VolumesFrom,
)
from stackferry.grammar.compose.syntax.units import Bytes, Duration


@pytest.mark.parametrize(
    ("term", "parts"),
    [
        (Restart("on-failure:3"), {"condition": "on-failure", "max_attempts": 3}),
        (Restart("always"), {"condition": "always", "max_attempts": None}),
        (Restart("on-failure:x"), {"condition": "on-failure", "max_attempts": None}),
        (Restart("on-failure:" + "9" * 5000), {"condition": "on-failure", "max_attempts": None}),
        (Namespace("service:db"), {"service": "db", "container": None, "is_shared": True}),
        (Namespace("container:a1"), {"service": None, "container": "a1", "is_shared": True}),
        (Namespace("host"), {"service": None, "container": None, "is_shared": False}),
        (PortRange("8000"), {"bounds": (8000, 8000)}),
        (PortRange("8000-8010"), {"bounds": (8000, 8010)}),
        (PortRange("9" * 5000), {"bounds": None}),
        (PortRange("http"), {"bounds": None}),
        (PortRange(""), {"bounds": None}),
        (Exposed("53/UDP"), {"bounds": (53, 53), "protocol": "udp"}),
        (Exposed(" 3000-3002 "), {"bounds": (3000, 3002), "protocol": "tcp"}),
        (Exposed("x/y"), {"bounds": None, "protocol": "y"}),
        (Link("db:database"), {"target": "db", "alias": "database"}),
        (Link("db"), {"target": "db", "alias": ""}),
        (VolumesFrom("db:ro"), {"service": "db", "container": None, "access": "ro"}),
        (VolumesFrom("db"), {"service": "db", "container": None, "access": ""}),
        (VolumesFrom("container:a1:rw"), {"service": None, "container": "a1", "access": "rw"}),
        (VolumesFrom("container:a1"), {"service": None, "container": "a1", "access": ""}),
        (TmpfsMount("/run:size=64m,,mode=1777"), {"target": "/run", "options": ("size=64m", "mode=1777")}),
        (TmpfsMount("/run"), {"target": "/run", "options": (), "size": None, "others": ()}),
        (TmpfsMount("/run:size=64m,uid=1"), {"size": 64 << 20, "others": ("uid=1",)}),
        (TmpfsMount("/run:size=50%"), {"size": None, "others": ("size=50%",)}),
        (SecurityOption("seccomp=unconfined"), {"name": "seccomp", "value": "unconfined"}),
        (SecurityOption("label:user:a"), {"name": "label", "value": "user:a"}),
        (SecurityOption("label:a=b"), {"name": "label:a", "value": "b"}),
        (SecurityOption("no-new-privileges"), {"name": "no-new-privileges", "value": None}),
        (DnsOption("ndots:2"), {"name": "ndots", "value": "2"}),
        (DnsOption("rotate"), {"name": "rotate", "value": None}),
        (Platform("linux/arm64/v8"), {"system": "linux", "architecture": "arm64"}),
        (Platform("Windows"), {"system": "windows", "architecture": ""}),
        (Platform("x86_64"), {"system": "", "architecture": "x86_64"}),
        (PullPolicy("always"), {"every": None}),
        (PullPolicy("daily"), {"every": 24 * 3600 * 10**9}),
        (PullPolicy("every_1d12h"), {"every": 36 * 3600 * 10**9}),
        (Owner("1000"), {"number": 1000}),
        (Owner("www-data"), {"number": None}),
        (Owner("²"), {"number": None}),
        (User("1000:1000"), {"user": "1000", "group": "1000"}),
        (User("app"), {"user": "app", "group": ""}),
        (Constraint("node.labels.disk == ssd"), {"key": "node.labels.disk", "operator": "==", "value": "ssd"}),
        (Constraint("node.role!=manager"), {"key": "node.role", "operator": "!=", "value": "manager"}),
        (Constraint("a != b == c"), {"key": "a != b", "operator": "==", "value": "c"}),
        (Constraint("node.role=manager"), {"key": "node.role=manager", "operator": "", "value": ""}),
        (Period("1w2d3h"), {"duration": (9 * 24 + 3) * 3600 * 10**9}),
        (Period("daily"), {"duration": None}),
    ],
    ids=str,
)
def test_the_parts_of_a_term(term: str, parts: dict[str, Any]) -> None:
    assert {name: getattr(term, name) for name in parts} == parts


@given(st.sampled_from(TERMS), st.text(max_size=20))
def test_a_term_is_its_text_and_has_parts_whatever_it_says(kind: type[str], text: str) -> None:
    term = kind(text)

    assert str(term) == text
    for name, part in vars(kind).items():
        if isinstance(part, property):
            # The parts are plain values: they end in manifests and in the records of the emulator.
            assert type(getattr(term, name)) in (str, int, tuple, bool, type(None), Bytes, Duration, PortRange, Owner)
