"""The last words of `up`."""

from types import SimpleNamespace
from typing import Any

import pytest

from stackferry.commands.up import report
from stackferry.session import Session


def test_a_service_that_was_removed_meanwhile_has_not_converged(capsys: pytest.CaptureFixture[str]) -> None:
    services = (SimpleNamespace(name="shop_web"),)
    ready: Any = SimpleNamespace(stack="shop", desired=SimpleNamespace(services=services))

    assert report(Session({}), ready, []) == 1
    assert capsys.readouterr().err == "shop_web: was removed meanwhile\n"
