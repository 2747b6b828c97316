"""Which security controls of a stack are lost."""

import pytest

from stackferry.grammar.compose.validate.schema import key_paths
from stackferry.grammar.explanation import Row
from stackferry.translator.fates import FATES
from stackferry.translator.notes import Kind, Note, Path
from stackferry.translator.report.security_controls import CONTROLS, lost_controls


def lost(path: Path, kind: Kind, code: str = "") -> list[str]:
    """What is said of a key with that fate: by a note if there is a code, else by its row alone."""
    notes = [Note(path, kind, code, "told")] if code else []
    row = Row(path, None, kind, (), "told", codes=(code,) if code else ())
    return [one.reason for one in lost_controls(notes, [row])]


def test_every_control_is_a_key_with_a_fate() -> None:
    assert set(CONTROLS) <= set(FATES)
    assert {path.removesuffix("[]") for path in CONTROLS} <= set(key_paths())


def test_every_control_says_what_is_lost() -> None:
    assert [path for path, control in CONTROLS.items() if not control.reason] == []


@pytest.mark.parametrize(
    "path",
    [
        ("services", "web", "cap_drop", 0),
        ("services", "web", "security_opt", 1),
        ("services", "web", "user"),
        ("services", "web", "pids_limit"),
        ("services", "web", "ulimits", "nproc"),
        ("services", "web", "ulimits", "nproc", "hard"),
        ("services", "web", "sysctls", "net.ipv4.conf.all.rp_filter"),
        ("networks", "back", "driver_opts", "encrypted"),
    ],
)
def test_a_control_that_is_not_in_force_is_lost(path: Path) -> None:
    assert len(lost(path, Kind.NEEDS_ACTION)) == 1
    assert len(lost(path, Kind.NEEDS_ACTION, "kubernetes-told")) == 1
    assert lost(path, Kind.EXACT) == []
    assert lost(path, Kind.NOT_APPLICABLE) == []


@pytest.mark.parametrize(
    "path",
    [
        ("services", "web", "image"),
        ("services", "web", "cap_add", 0),
        ("services", "web", "privileged"),
        ("services", "web", "ulimits", "memlock"),
        ("services", "web", "sysctls", "net.core.somaxconn"),
        ("networks", "back", "driver_opts", "com.docker.network.driver.mtu"),
    ],
)
def test_what_forbids_nothing_is_none(path: Path) -> None:
    assert lost(path, Kind.NEEDS_ACTION) == []


def test_an_approximation_that_forbids_less_loses_it() -> None:
    assert lost(("networks", "back"), Kind.APPROXIMATED)
    assert lost(("services", "web", "tmpfs", 0), Kind.APPROXIMATED, "kubernetes-tmpfs-option")
    assert lost(("services", "web", "user"), Kind.APPROXIMATED, "kubernetes-told") == []


def test_a_file_that_fewer_can_read_is_no_loss() -> None:
    mode = ("services", "web", "secrets", 0, "uid")

    assert lost(mode, Kind.APPROXIMATED, "kubernetes-file-owner")
    assert lost(mode, Kind.NEEDS_ACTION, "kubernetes-file-owner") == []


def test_the_code_of_a_note_tells_where_the_key_alone_does_not() -> None:
    port = ("services", "web", "ports", 0, "host_ip")

    assert lost(port, Kind.APPROXIMATED, "kubernetes-host-ip")
    assert lost(port, Kind.NEEDS_ACTION, "kubernetes-loopback") == []


def test_network_policies_keep_networks_apart() -> None:
    assert lost(("networks", "back"), Kind.APPROXIMATED, "kubernetes-network-policy") == []


def test_a_row_that_a_note_speaks_for_is_not_told_twice() -> None:
    assert len(lost(("services", "web", "user"), Kind.NEEDS_ACTION, "kubernetes-user-name")) == 1
