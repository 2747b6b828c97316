"""Which engine the docker command would use."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from stackferry.emulator.engine.context import SOCKET, Certificates, EngineAddress, engine_address
from stackferry.emulator.engine.protocol import EngineError


def context(place: Path, name: str, engine: Any) -> Path:
    """Have a context; gives where its certificates would be."""
    folder = hashlib.sha256(name.encode()).hexdigest()
    meta = place / "contexts" / "meta" / folder / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": engine}}), encoding="utf-8")
    return place / "contexts" / "tls" / folder / "docker"


def test_a_context_is_taken_as_the_docker_command_takes_it(tmp_path: Path) -> None:
    asked = {"DOCKER_CONFIG": str(tmp_path)}
    context(tmp_path, "far", {"Host": "tcp://10.9.8.7:2375"})

    assert engine_address(asked) == EngineAddress(SOCKET)
    assert engine_address({**asked, "DOCKER_CONTEXT": "far"}) == EngineAddress("tcp://10.9.8.7:2375")
    (tmp_path / "config.json").write_text('{"currentContext": "far"}', encoding="utf-8")
    assert engine_address(asked) == EngineAddress("tcp://10.9.8.7:2375")
    assert engine_address({**asked, "DOCKER_CONTEXT": "default"}) == EngineAddress(SOCKET)
    assert engine_address({**asked, "DOCKER_CONTEXT": "far", "DOCKER_HOST": "tcp://b:1"}) == EngineAddress("tcp://b:1")


def test_its_home_is_dockers(tmp_path: Path) -> None:
    context(tmp_path / ".docker", "far", {"Host": "tcp://10.9.8.7:2375"})

    assert engine_address({"HOME": str(tmp_path), "DOCKER_CONTEXT": "far"}).host == "tcp://10.9.8.7:2375"


@pytest.mark.parametrize(
    ("more", "certificates"),
    [
        ({}, None),
        ({"DOCKER_TLS_VERIFY": ""}, None),
        ({"DOCKER_TLS_VERIFY": "1"}, Certificates(Path("/me/.docker"))),
        ({"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/c"}, Certificates(Path("/c"))),
        ({"DOCKER_CERT_PATH": "/c"}, Certificates(Path("/c"), verify=False)),
    ],
)
def test_tls_of_the_environment(more: dict[str, str], certificates: Certificates | None) -> None:
    found = engine_address({"HOME": "/me", "DOCKER_HOST": "tcp://10.9.8.7:2376", **more})

    assert found == EngineAddress("tcp://10.9.8.7:2376", certificates)


def test_tls_of_a_context(tmp_path: Path) -> None:
    asked = {"DOCKER_CONFIG": str(tmp_path)}
    for name, unchecked in (("safe", False), ("unsafe", True)):
        tls = context(tmp_path, name, {"Host": "tcp://a:2376", "SkipTLSVerify": unchecked})
        tls.mkdir(parents=True)

        found = engine_address({**asked, "DOCKER_CONTEXT": name})

        assert found == EngineAddress("tcp://a:2376", Certificates(tls, verify=not unchecked))
        assert found.certificates
        assert [path.name for path in found.certificates.paths] == ["ca.pem", "cert.pem", "key.pem"]


@pytest.mark.parametrize("asked", [{"DOCKER_CONTEXT": "nope"}, {}])
def test_another_engine_is_never_taken_for_that_of_an_unknown_context(tmp_path: Path, asked: dict[str, str]) -> None:
    (tmp_path / "config.json").write_text('{"currentContext": "nope"}', encoding="utf-8")

    with pytest.raises(EngineError, match="docker context nope: not found") as told:
        engine_address({"DOCKER_CONFIG": str(tmp_path), **asked})

    assert "docker context ls" in told.value.hint


def test_a_context_that_says_no_engine_is_told(tmp_path: Path) -> None:
    context(tmp_path, "odd", [])

    with pytest.raises(EngineError, match="docker context odd: "):
        engine_address({"DOCKER_CONFIG": str(tmp_path), "DOCKER_CONTEXT": "odd"})


def test_a_configuration_that_cannot_be_read_is_passed_over_as_docker_does(tmp_path: Path) -> None:
    for text in ("{broken", "[]", "{}"):
        (tmp_path / "config.json").write_text(text, encoding="utf-8")

        assert engine_address({"DOCKER_CONFIG": str(tmp_path)}) == EngineAddress(SOCKET)


@pytest.mark.parametrize(
    ("host", "machine"),
    [
        (SOCKET, ""),
        ("npipe:////./pipe/docker_engine", ""),
        ("tcp://localhost:2375", ""),
        ("tcp://127.0.0.1:2375", ""),
        ("tcp://build.example:2375", "build.example"),
        ("ssh://me@10.9.8.7", "10.9.8.7"),
        ("tcp://[fe80::1]:2375", "[fe80::1]"),
        ("tcp://[x:2375", ""),
    ],
)
def test_the_machine_it_is_on(host: str, machine: str) -> None:
    assert EngineAddress(host).machine == machine
