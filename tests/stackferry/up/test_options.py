"""Whose output `up` in the foreground shows."""

import pytest

from stackferry.up.options import Shown

KEYS = {"web": "shop_web", "api": "shop_api", "db": "shop_db"}


@pytest.mark.parametrize(
    ("shown", "services"),
    [
        (Shown(), ["web", "api", "db"]),
        (Shown(only=("db", "web")), ["web", "db"]),
        (Shown(but=("db",)), ["web", "api"]),
        (Shown(only=("db", "web"), but=("web",)), ["db"]),
    ],
)
def test_services(shown: Shown, services: list[str]) -> None:
    assert shown.services(KEYS) == services
