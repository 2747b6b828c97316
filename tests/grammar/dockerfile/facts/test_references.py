"""Valid image names. Each verdict is BuildKit's (InvalidDefaultArgInFrom of v0.34.2)."""

import pytest

from stackferry.grammar.dockerfile.facts.references import mistake

SHA = "0123456789" * 6 + "0123"


@pytest.mark.parametrize(
    "reference",
    [
        "a",
        "a/b/c/d",
        "a_b.c__d-e---f",
        "a:B-c_d.e",
        f"a@sha256:{SHA}",
        f"host:5000/a:b@sha256:{SHA}",
        "[::1]:5000/a",
        "[::1]/a",
        "Foo/bar",
        "A.B/c",
        "localhost/a",
        "a:" + "b" * 128,
        "a" * 237,
    ],
)
def test_a_reference(reference):
    assert mistake(reference) == ""


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("", "it is empty"),
        ("a:", "'' is not a tag"),
        ("a:.b", "'.b' is not a tag"),
        ("a:b:c", "'b:c' is not a tag"),
        ("a:" + "b" * 129, "'" + "b" * 129 + "' is not a tag"),
        ("Debian", "the name must be lowercase"),
        ("localhost/Foo", "the name must be lowercase"),
        ("a.b/Foo", "the name must be lowercase"),
        ("a@sha256:abc", "'sha256:abc' is not a digest"),
        (f"a@sha256:{SHA}X", f"'sha256:{SHA}X' is not a digest"),
        ("a@md5:01234567890123456789012345678901", "'md5:01234567890123456789012345678901' is not a digest"),
        (SHA, "64 hexadecimal digits are an image ID, not a name"),
        ("a b", "it contains characters that are not allowed there"),
        ("a//b", "it contains characters that are not allowed there"),
        ("a/", "it contains characters that are not allowed there"),
        ("/a", "it contains characters that are not allowed there"),
        ("-a", "it contains characters that are not allowed there"),
        ("a___b", "it contains characters that are not allowed there"),
        ("a.-b", "it contains characters that are not allowed there"),
        ("host:port/a", "it contains characters that are not allowed there"),
        ("é", "it contains characters that are not allowed there"),
        ("a" * 238, "it is longer than 255 characters"),
    ],
)
def test_no_reference(reference, why):
    assert mistake(reference) == why


def test_buildkit_agrees(buildkit):
    """On these, and on what they become by one letter."""
    for text in ("a_b-c.d", "a:b-c", "A.b/c", "localhost:5/a/b", "a__b", "[::1]/a:b", "a@b", "x.io/a:1"):
        for at in range(len(text) + 1):
            for letter in ("", "/", ":", ".", "-", "_", "A", "@"):
                reference = text[:at] + letter + text[at:]
                answer = buildkit.ask(f"ARG A={reference}\nFROM $A\n".encode())
                theirs = any(warning.rule == "InvalidDefaultArgInFrom" for warning in answer.warnings)
                assert bool(mistake(reference)) == theirs, reference
