"""Pinning images to the digests of their names: grammar/compose/output/digests.py."""

import pytest

from stackferry.grammar.compose.output.digests import DigestError, lock_digests, pinned, resolve_digests
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import Path
from stackferry.grammar.source import Span

HEX = "0123456789abcdef" * 4
SHA = f"@sha256:{HEX}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("nginx", "docker.io/library/nginx"),
        ("nginx:1.27", "docker.io/library/nginx"),
        ("team/app", "docker.io/team/app"),
        ("docker.io/nginx", "docker.io/library/nginx"),
        ("index.docker.io/nginx", "docker.io/library/nginx"),
        ("ghcr.io/team/app:1", "ghcr.io/team/app"),
        ("localhost/app", "localhost/app"),
        ("localhost:5000/app:1", "localhost:5000/app"),
        ("registry:5000/app", "registry:5000/app"),
        ("[::1]:5000/app", "[::1]:5000/app"),
        ("Registry/app", "Registry/app"),
        ("a__b---c.d", "docker.io/library/a__b---c.d"),
    ],
)
def test_a_name_with_a_digest_is_spelled_out_without_its_tag(written: str, meant: str) -> None:
    assert pinned(written + SHA) == meant + SHA


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nginx", "must be fetched from a registry"),
        ("NGINX" + SHA, "is not a valid image name"),
        ("nginx@sha256:12", "is not a valid image name"),
        (f"nginx@sha512:{HEX}", "is not a digest"),
        (f"nginx@md5:{HEX}", "is not a digest"),
        ("a/../b" + SHA, "is not a valid image name"),
        ("" + SHA, "is not a valid image name"),
    ],
)
def test_what_cannot_be_pinned_is_refused(name: str, told: str) -> None:
    with pytest.raises(DigestError, match=told):
        pinned(name)


def test_every_image_that_cannot_be_pinned_is_told_at_its_place() -> None:
    places: dict[str | int, Span] = {name: Span("compose.yaml", line, 12) for line, name in enumerate("abc", 3)}
    report = Diagnostics()

    def origin(path: Path) -> Span | None:
        return places.get(path[1])

    found = resolve_digests(
        {"services": {"a": {"image": "x"}, "b": {"image": "y" + SHA}, "c": {"image": "z"}, "d": {}}},
        origin,
        report,
    )

    assert [(str(one.span), one.code) for one in report] == [
        ("compose.yaml:3:12", "digest"),
        ("compose.yaml:5:12", "digest"),
    ]
    assert found["services"]["b"] == {"image": "docker.io/library/y" + SHA}


def test_a_lock_says_the_images_and_nothing_else() -> None:
    document = {"name": "shop", "services": {"a": {"image": "x" + SHA, "command": ["y"]}, "b": {"build": {}}}}

    assert lock_digests(document) == {"services": {"a": {"image": "x" + SHA}, "b": {}}}
    assert lock_digests(document, json=True)["services"]["b"] == {"command": None, "entrypoint": None}
