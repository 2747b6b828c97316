"""Image references and their parts."""

import pytest

from stackferry.grammar.dockerfile.facts.images import Image, image, is_busybox, is_windows


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("alpine", Image("", "alpine", "", "")),
        ("alpine:3.20", Image("", "alpine", "3.20", "")),
        ("library/alpine:3", Image("", "library/alpine", "3", "")),
        ("localhost/x", Image("localhost", "x", "", "")),
        ("host:5000/a/b", Image("host:5000", "a/b", "", "")),
        ("host:5000/a/b:v1@sha256:ab", Image("host:5000", "a/b", "v1", "sha256:ab")),
        ("ghcr.io/o/n@sha256:ab", Image("ghcr.io", "o/n", "", "sha256:ab")),
        ("", Image("", "", "", "")),
    ],
)
def test_parts(reference: str, parts: Image) -> None:
    assert image(reference) == parts


def test_name() -> None:
    assert image("ghcr.io/o/n:1").name == "ghcr.io/o/n"
    assert image("alpine:1").name == "alpine"


@pytest.mark.parametrize(
    ("reference", "windows"),
    [
        ("mcr.microsoft.com/windows/servercore:ltsc2022", True),
        ("mcr.microsoft.com/dotnet/framework/sdk:4.8", True),
        ("mcr.microsoft.com/dotnet/sdk:8.0-nanoserver-ltsc2022", True),
        ("golang:1.22-windowsservercore", True),
        ("mcr.microsoft.com/dotnet/sdk:8.0", False),
        ("alpine", False),
        ("windows-exporter/tool", False),
    ],
)
def test_windows(reference: str, windows: bool) -> None:
    assert is_windows(reference) is windows


def test_busybox() -> None:
    assert [is_busybox(name) for name in ("alpine:3", "node:20-alpine3.19", "busybox", "debian")] == [True] * 3 + [
        False
    ]
