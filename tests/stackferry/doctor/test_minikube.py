"""`doctor --target minikube` with fake programs: what the checks receive, and the report."""

import json
from pathlib import Path

import pytest

VERSION = '{"commit":"c93a","minikubeVersion":"v1.38.1"}'
ADAPTER = """\
Name:            vboxnet0
IPAddress:       192.168.59.1
NetworkMask:     255.255.255.0
VBoxNetworkName: HostInterfaceNetworking-vboxnet0
"""


@pytest.fixture
def programs(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH, with a VBoxManage and a minikube, and a home of minikube's own."""
    folder = here.parent / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("MINIKUBE_HOME", str(here.parent))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "MINIKUBE_FORCE"):
        monkeypatch.delenv(name, raising=False)
    script(
        folder, "VBoxManage", f"case $1$2 in --version) echo 7.2.22r175245;; listhostonlyifs) echo '{ADAPTER}';; esac"
    )
    script(folder, "minikube", f"case $1 in version) echo '{VERSION}';; esac")
    return folder


def script(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def rows(done) -> dict[str, dict[str, str]]:
    found = [json.loads(line) for line in done.out.splitlines()]
    return {one["Name"]: one for one in found}


FLAGS = ("--", "--force", "--no-vtx-check", "--iso-url=file:///etc/hostname")


def test_a_line_for_each_check(stackferry, programs: Path) -> None:
    done = stackferry("doctor", "--target", "minikube", *FLAGS)

    assert done.out.splitlines()[0] == f"ok    minikube-installed: {programs}/minikube"
    assert done.out.splitlines()[1] == "ok    minikube-version: v1.38.1"
    assert f"ok    virtualbox-installed: {programs}/VBoxManage" in done.out
    assert "ok    host-only-same-address: host-only adapters: vboxnet0 192.168.59.1" in done.out
    assert done.code == int("FAIL" in done.out)
    assert done.err == ""


def test_it_fails_where_a_cluster_cannot_run(stackferry, programs: Path) -> None:
    (programs / "VBoxManage").unlink()
    done = stackferry("doctor", "--target", "minikube", "--format", "json", *FLAGS)
    found = rows(done)["virtualbox-installed"]

    assert done.code == 1
    assert found["Status"] == "FAIL"
    assert found["Message"].endswith("minikube would exit with 65 PROVIDER_VIRTUALBOX_NOT_FOUND")
    assert found["Hint"].startswith("install VirtualBox")


def test_another_driver_is_not_asked_about_virtualbox(stackferry, programs: Path) -> None:
    (programs / "VBoxManage").unlink()
    found = rows(stackferry("doctor", "--target", "minikube", "--driver", "docker", "--format", "json", *FLAGS))

    assert "virtualbox-installed" not in found
    assert found["minikube-installed"]["Status"] == "ok"


def test_flags_are_heeded_and_those_of_earlier_starts(stackferry, programs: Path) -> None:
    words = ("doctor", "--target", "minikube", "--cluster", "shop", "--format", "json")
    profile = programs.parent / ".minikube/profiles/shop"
    profile.mkdir(parents=True)
    (profile / "stackferry.json").write_text('{"flags": ["--host-only-cidr=192.168.60.0/24"]}')

    remembered = rows(stackferry(*words))["host-only-cidr"]
    given = rows(stackferry(*words, "--", "--host-only-cidr=192.168.61.1/24"))["host-only-cidr"]

    assert remembered["Status"] == "FAIL"
    assert remembered["Hint"] == "--host-only-cidr=192.168.60.1/24"
    assert (given["Status"], given["Message"]) == ("ok", "the host is 192.168.61.1 in 192.168.61.0/24")


def test_a_program_that_fails_is_a_line_of_the_report(stackferry, programs: Path) -> None:
    script(programs, "VBoxManage", "echo 'VBoxManage: error: E_FAIL' >&2; exit 1")
    found = rows(stackferry("doctor", "--target", "minikube", "--format", "json", *FLAGS))

    assert found["host-only-same-address"]["Status"] == "warn"
    assert found["host-only-same-address"]["Message"].startswith(
        "not tried: VBoxManage list hostonlyifs: VBoxManage: err"
    )
