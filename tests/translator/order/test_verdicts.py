"""The message about a condition names the service that it is about."""

import pytest

from stackferry.grammar.compose.model.attachments import Dependency
from stackferry.grammar.compose.model.model import Service
from tests.translator.making import note, service, translated

ENDED = Dependency(condition="service_completed_successfully")


@pytest.mark.parametrize(
    ("services", "words", "hint"),
    [
        (
            [service(depends_on={"db": Dependency()}), service("db")],
            "waits until the name db resolves and the dependencies of db are ready; it may still be starting then",
            "service_healthy",
        ),
        ([service(depends_on={"db": ENDED}), service("db")], "a ServiceAccount and a Role", "--no-wait"),
        (
            [service(depends_on={"db": ENDED}), service("db", network_mode="service:vpn"), service("vpn")],
            "never completes (that of vpn)",
            "give db its own pod",
        ),
        (
            [service(depends_on={"db": Dependency(condition="service_healthy")}), service("db")],
            "at most 5 minutes",
            "HEALTHCHECK",
        ),
    ],
)
def test_words(services: list[Service], words: str, hint: str) -> None:
    found = note(translated(*services), "start-order")

    assert words in found.message
    assert hint in found.hint
