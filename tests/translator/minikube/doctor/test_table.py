"""The table of checks as a whole."""

import re
from dataclasses import replace

import pytest

from stackferry.translator.minikube.doctor import choice
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import Unknown
from stackferry.translator.minikube.doctor.finding import Check
from stackferry.translator.minikube.doctor.table import CHECKS, findings, tried
from stackferry.translator.minikube.drivers import DOCKER
from tests.translator.minikube.doctor.made import NEW, RUNNING, on, stopped

ALL = (*choice.CHECKS, *CHECKS)


def test_every_check_has_an_id_of_its_own_and_says_what_to_do() -> None:
    names = [check.name for check in ALL]

    assert len(set(names)) == len(names)
    for check in ALL:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", check.name), check.name
        assert check.finds.endswith("."), check.name
        assert check.remedy.endswith("."), check.name


@pytest.mark.parametrize("facts", [NEW, RUNNING, stopped()], ids=["new", "running", "stopped"])
def test_all_is_well(facts: Facts) -> None:
    found = list(findings(facts))

    assert [one for one in found if one.verdict != "ok"] == []
    assert len(found) >= 15


def test_findings_have_the_names_of_their_checks_and_their_order() -> None:
    names = [one.name for one in CHECKS]
    found = [one.name for one in findings(RUNNING)]

    assert found == sorted(found, key=names.index)


def test_other_drivers_are_not_asked_about_virtualbox() -> None:
    ours = {one.name for one in CHECKS if one.virtualbox}
    found = {one.name for one in findings(replace(on(NEW, "virtualbox", program=None), driver=DOCKER))}

    assert {"vboxdrv", "vt-x", "host-only-range", "machine-state"} <= ours
    assert not found & ours
    assert {"minikube-installed", "memory", "disk"} <= found


def test_a_check_that_could_not_be_tried_says_so_and_why() -> None:
    check = Check("x", lambda facts: facts.profile() and None, "It.", "Do.")  # type: ignore[arg-type, return-value]
    found = tried(check, on(NEW, "minikube", profiles=Unknown("minikube profile list did not finish within 5 s")))

    assert found is not None
    assert (found.name, found.verdict) == ("x", "warn")
    assert found.message == "not tried: minikube profile list did not finish within 5 s"


def test_nothing_that_is_unknown_breaks_the_rest() -> None:
    """Each fact by itself, of each room."""
    for room in ("host", "virtualbox", "minikube"):
        for name in getattr(RUNNING, room).__dataclass_fields__:
            whole = getattr(getattr(RUNNING, room), name)
            if isinstance(whole, str | bool | int) or name in {"program", "devices", "proxies", "programs", "folders"}:
                continue
            found = list(findings(on(RUNNING, room, **{name: Unknown(f"no {name}")})))
            assert [one.name for one in found if one.verdict == "FAIL"] == [], name
            assert len(found) >= 20, name


def test_all_that_the_cluster_may_lack_is_looked_for() -> None:
    """The cases of minikube on VirtualBox that users report."""
    assert {
        *("virtualbox-installed", "vboxdrv", "vboxnetadp", "vt-x", "kvm-holds-vt-x", "last-start", "secure-boot"),
        *("host-only-range", "range-taken", "host-only-cidr", "host-only-same-address", "host-only-leftovers"),
        *("machine-without-profile", "profile-without-machine", "driver-mismatch", "size-differs", "machine-state"),
        *("machine-locked", "half-made-machine", "node-disk-full", "api-server", "downloads", "no-proxy", "clock"),
        *("home-share", "sudo-for-tunnel", "as-root", "memory", "cpus", "disk", "minikube-version"),
    } <= {one.name for one in CHECKS}
