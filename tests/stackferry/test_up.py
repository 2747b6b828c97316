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


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--no-start"], 2, "`stackferry up --scale SERVICE=0` makes one that does not run yet"),
        (["-w"], 2, "`stackferry up -d --build` builds and replaces"),
        (["--no-recreate", "--force-recreate"], 2, "--no-recreate and --force-recreate exclude each other"),
        (["--no-attach", "wep"], 1, "no such service: wep hint: did you mean 'web'?"),
    ],
)
def test_what_is_refused(here, stackferry, monkeypatch, words, code, says):  # type: ignore[no-untyped-def]
    from stackferry import engine

    monkeypatch.setattr(engine, "connect", lambda _session: None)
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    done = stackferry("up", *words)

    assert done.code == code
    assert says in " ".join(done.err.split())
