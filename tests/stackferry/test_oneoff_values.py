"""`run -v` and `run -p`: docker's short forms."""

import os
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from emulator.container import MountSpec
from emulator.spec import PublishedPort
from stackferry.oneoff_values import mounts, ports

STACK: Any = SimpleNamespace(name="shop", volumes=[SimpleNamespace(name="shop_data")])


@pytest.mark.parametrize(
    ("text", "mount"),
    [
        ("/tmp/a:/b", MountSpec("bind", "/b", "/tmp/a", create_host_path=True)),
        ("./a:/b:ro", MountSpec("bind", "/b", f"{os.getcwd()}/a", read_only=True, create_host_path=True)),
        ("/a:/b:rw,z", MountSpec("bind", "/b", "/a", create_host_path=True, selinux="z")),
        ("data:/b", MountSpec("volume", "/b", "shop_data")),
        ("other:/b:ro", MountSpec("volume", "/b", "other", read_only=True)),
        ("/b", MountSpec("volume", "/b")),
    ],
)
def test_a_mount(text: str, mount: MountSpec) -> None:
    assert mounts((), [text], STACK) == (mount,)


def test_the_command_line_wins() -> None:
    own = (MountSpec("volume", "/a", "shop_a"), MountSpec("volume", "/b", "shop_b"))

    assert mounts(own, ["data:/b"], STACK) == (own[0], MountSpec("volume", "/b", "shop_data"))


@pytest.mark.parametrize("text", ["", "a:", ":/b", "a:/b:ro:x", "a:/b:rx"])
def test_what_is_no_mount(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        mounts((), [text], STACK)


def test_ports() -> None:
    own = (PublishedPort(80, 8080),)

    assert ports(own, ["127.0.0.1:5353:53/udp", "9000"]).ports == (
        PublishedPort(80, 8080, mode="host"),
        PublishedPort(53, 5353, "udp", "host", "127.0.0.1"),
        PublishedPort(9000, mode="host"),
    )


@pytest.mark.parametrize("text", ["eighty", "80:", "8000-8010:80", "1:2/icmp"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        ports((), [text])
