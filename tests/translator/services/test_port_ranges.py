"""Ranges that no Service can hold are reported once, and cost little."""

import time

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.files import Memory
from stackferry.translator import Kind, Options, Translation, translate
from stackferry.translator.report.explanation import explain


def converted(*ports: str) -> tuple[Translation, list[str]]:
    """The translation of a service with these ports, and the rows about ports."""
    listed = ", ".join(f'"{port}"' for port in ports)
    files = Memory({"/shop/compose.yaml": f"services: {{web: {{image: x, ports: [{listed}]}}}}\n"}, cwd="/shop")
    loaded = load(Request(), files=files, environment={})
    translation = translate(loaded.project, files, Options(origin=loaded.origin))
    rows = explain(loaded.keys(), translation).rows
    return translation, [f"{row.key} {row.kind.value}" for row in rows if "ports" in row.key]


def published(translation: Translation) -> int:
    return sum(len(one.body["spec"]["ports"]) for one in translation.objects if one.name == "web-published")


def listed(translation: Translation) -> int:
    return len(translation.index["Service/web"].body["spec"]["ports"])


@pytest.mark.parametrize("ports", ["1-65535:1-65535", "1-65535", "1-65535:1-65535/udp", "127.0.0.1:1-65535:1-65535"])
def test_all_ports_that_there_are(ports: str) -> None:
    begun = time.process_time()
    converted(ports.replace("65535", "16383"))
    quarter = time.process_time() - begun
    translation, rows = converted(ports)

    # How long it takes says something of the machine; that four times as many take about four times as long, of us.
    assert time.process_time() - begun - quarter < 8 * quarter
    assert rows == ["services.web.ports[0] needs action"]
    assert published(translation) == 0
    (note,) = [note for note in translation.notes if note.kind is Kind.NEEDS_ACTION]
    assert "65,535 ports" in note.message


def test_a_thousand_ports_are_listed_and_fifty_published() -> None:
    translation, rows = converted("10000-10999:10000-10999")

    assert (listed(translation), published(translation)) == (1_000, 0)
    assert rows == ["services.web.ports[0] needs action"]
    assert published(converted("10000-10049:10000-10049")[0]) == 50


def test_a_hundred_of_a_service_are_published() -> None:
    translation, rows = converted("1000-1049:1000-1049", "2000-2049:2000-2049", "3000-3009:3000-3009")

    assert (listed(translation), published(translation)) == (110, 60)
    assert sum(row.endswith("needs action") for row in rows) == 1


def test_a_long_range_takes_no_place_of_a_short_one() -> None:
    translation, rows = converted("10000-11000:10000-11000", "80:80", "8000-8001:8000-8001")

    assert published(translation) == 3
    assert sum(row.endswith("needs action") for row in rows) == 1


def test_what_is_too_much_together() -> None:
    translation, rows = converted("1000-1599:1000-1599", "2000-2599:2000-2599")

    assert (listed(translation), published(translation)) == (600, 0)
    assert sum(row.endswith("needs action") for row in rows) == 2
