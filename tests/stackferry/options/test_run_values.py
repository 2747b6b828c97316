"""Options of `run`: docker's short forms of mounts and ports, variables, capabilities."""

from pathlib import Path

import pytest

from stackferry.emulator.cluster.container import MountSpec
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.desired.volumes import VolumeSpec
from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.declaration import WrongValueError
from stackferry.options.run_values import capabilities, entrypoint_words, mounts, ports, variables
from stackferry.session import Session

STACK = DesiredStack("shop", volumes=(VolumeSpec("data", "shop_data"),))


@pytest.mark.parametrize(
    ("text", "mount"),
    [
        ("/tmp/a:/b", MountSpec("bind", "/b", "/tmp/a", create_host_path=True)),
        ("./a:/b:ro", MountSpec("bind", "/b", "/here/a", read_only=True, create_host_path=True)),
        ("/a:/b:rw,z", MountSpec("bind", "/b", "/a", create_host_path=True, selinux="z")),
        ("data:/b", MountSpec("volume", "/b", "shop_data")),
        ("other:/b:ro", MountSpec("volume", "/b", "other", read_only=True)),
        ("/b", MountSpec("volume", "/b")),
    ],
)
def test_a_mount(text: str, mount: MountSpec) -> None:
    assert mounts((), [text], STACK, "/here") == (mount,)


def test_the_command_line_wins() -> None:
    own = (MountSpec("volume", "/a", "shop_a"), MountSpec("volume", "/b", "shop_b"))

    assert mounts(own, ["data:/b"], STACK, "/here") == (own[0], MountSpec("volume", "/b", "shop_data"))


@pytest.mark.parametrize("text", ["", "ab:", ":/b", "ab:/b:ro:x"])
def test_what_is_no_mount(text: str) -> None:
    with pytest.raises(WrongValueError):
        mounts((), [text], STACK, "/here")


def test_ports() -> None:
    own = (PublishedPort(80, 8080),)

    assert ports(own, ["127.0.0.1:5353:53/udp", "9000"]).ports == (
        PublishedPort(80, 8080, mode="host"),
        PublishedPort(53, 5353, "udp", "host", "127.0.0.1"),
        PublishedPort(9000, mode="host"),
    )


@pytest.mark.parametrize("text", ["eighty", "80:", "8000-8010:80-81", "80:0", "1:2/icmp"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(WrongValueError):
        ports((), [text])


def test_variables(tmp_path: Path) -> None:
    """As docker compose run: the file beats the service, -e beats the file, and the file does not see our shell."""
    file = tmp_path / "e.env"
    file.write_text('A=1\nB="two words"\nC\n#x\nD=${A}x\n')
    session = Session({"A": "7", "C": "here", "E": "shell"})

    found = variables(session, ("A=0", "Z=z"), [str(file)], ["B=over", "E", "F"])

    assert found == ("A=1", "Z=z", "B=over", "D=1x", "E=shell")
    file.write_text("A B=1\n")
    with pytest.raises(StackferryError, match=r"e\.env:1: "):
        variables(session, (), [str(file)], ())


def test_capabilities() -> None:
    """As docker compose run: an added one is no longer dropped, a dropped one no longer added."""
    own = {"CapAdd": ["CAP_NET_ADMIN"], "CapDrop": ["CAP_CHOWN"], "Privileged": False}

    assert capabilities(own, (), ()) == own
    assert capabilities({}, (), ()) == {}
    assert capabilities(own, ("chown",), ("KILL", "NET_ADMIN")) == {
        "CapAdd": ["CAP_CHOWN"],
        "CapDrop": ["CAP_KILL", "CAP_NET_ADMIN"],
        "Privileged": False,
    }
    assert capabilities({}, ("KILL",), ("cap_kill",)) == {"CapDrop": ["CAP_KILL"]}


def test_an_entrypoint_is_split_as_that_of_a_file() -> None:
    assert entrypoint_words("sh -c 'echo a b'") == ("sh", "-c", "echo a b")
    with pytest.raises(WrongValueError, match="unbalanced quotes") as refused:
        entrypoint_words("sh -c 'echo")
    assert refused.value.option == "--entrypoint"
