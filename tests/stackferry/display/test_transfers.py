"""Progress lines of image transfers."""

import pytest

from stackferry.display import transfers
from stackferry.display.transfers import Share, TransferDisplay
from stackferry.emulator.engine.image import Layer


def test_a_share_of_an_image() -> None:
    share = Share("nginx:1")
    assert share.line("pulling") == "pulling nginx:1"
    for layer in (
        Layer("a", "Already exists"),
        Layer("b", "Pulling fs layer"),
        Layer("b", "Downloading", 500, 2000),
        Layer("c", "Downloading", 1_000_000, 3_000_000),
    ):
        share.take(layer)
    assert share.line("pulling") == "pulling nginx:1  1MB of 3MB"

    share.take(Layer("c", "Download complete"))
    share.take(Layer("b", "Downloading", 2500, 2000))
    share.take(Layer("c", "Extracting", 10, 3_000_000))
    assert share.line("pulling") == "pulling nginx:1  3MB of 3MB"

    share.ended = "✔"
    assert share.line("pulling") == "✔ nginx:1"


def test_a_block_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Drawn over what was there, not more often than eyes can follow, within the terminal's bounds."""
    monkeypatch.setattr(transfers, "terminal_size", lambda: (20, 3))
    now = [0.0]
    display = TransferDisplay("pulling", pytest.fail, live=True, clock=lambda: now[0])
    take = display.begin("first")
    assert capsys.readouterr().err == "\x1b[2Kpulling first\n\x1b[J"

    take(Layer("a", "Downloading", 5, 10))
    assert capsys.readouterr().err == ""
    now[0] = 1.0
    take(Layer("a", "Downloading", 6, 10))
    assert capsys.readouterr().err == "\x1b[1A\x1b[2Kpulling first  6B o\n\x1b[J"

    display.begin("second")
    display.begin("third")
    display.end("second", "✔")
    assert capsys.readouterr().err.rpartition("\x1b[2A")[2] == (
        "\x1b[2Kpulling first  6B o\n\x1b[2Kpulling third\n\x1b[J"
    )


def test_a_line_for_each_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    display = TransferDisplay("pushing", said.append, live=False)
    display.begin("shop/web")(Layer("a", "Pushing", 5, 10))
    display.end("shop/web", "✔")
    assert (said, capsys.readouterr().err) == (["pushing shop/web"], "")
