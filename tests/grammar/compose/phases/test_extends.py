"""Extended services: within a file and across files, what is dropped, what is refused and where."""

import pytest

from tests.grammar.making import FILE, codes, problems, service

OTHER = "services:\n  base: {image: b, build: ./app, environment: {A: '1', B: '1'}}\n  mid: {extends: base, user: m}\n"
ACROSS = "services: {web: {extends: {file: %s}"


def test_a_chain_within_a_file_and_one_across_files() -> None:
    text = "services: {a: {image: x, user: a}, b: {extends: a, tty: true}, web: {extends: {service: b}, user: w}}"

    assert {"image": "x", "user": "w", "tty": True}.items() <= service(text).items()

    found = service(
        {
            FILE: "services: {web: {extends: {file: sub/o.yaml, service: mid}, environment: {B: '2'}}}",
            "sub/o.yaml": OTHER,
        }
    )
    assert (found["image"], found["user"], found["environment"]) == ("b", "m", {"A": "1", "B": "2"})
    assert found["build"]["context"] == "/home/me/shop/sub/app"


def test_a_reset_drops_what_the_base_says() -> None:
    found = service(
        {FILE: "services: {web: {extends: {file: o.yaml, service: base}, environment: !reset null}}", "o.yaml": OTHER}
    )

    assert "environment" not in found


@pytest.mark.parametrize(
    ("extends", "code"),
    [
        ("web", "2:19 extends-cycle"),
        ("a", "2:28 extends-unknown"),
        ("{file: o.yaml, service: a}", "2:52 extends-unknown"),
        ("{file: no.yaml, service: a}", "2:35 file-unreadable"),
        ("{file: https://x/y.yaml, service: a}", "2:35 remote-refused"),
        ("{file: 1, service: a}", "2:35 extends-syntax"),
        ("{file: o.yaml}", "2:19 extends-syntax"),
        ("[a]", "2:19 extends-syntax"),
        ("{file: e.yaml, service: a}", "2:35 extends-unknown"),
    ],
)
def test_what_is_refused_and_where(extends: str, code: str) -> None:
    text = f"services:\n  web: {{image: x, extends: {extends}}}\n"

    assert code in codes({FILE: text, "o.yaml": OTHER, "e.yaml": "x-a: 1\n"})


def test_a_circle_is_told_with_its_steps() -> None:
    told = problems("services: {a: {extends: b}, b: {extends: a}}")

    assert "\n  a in compose.yaml\n  b in compose.yaml\n  a in compose.yaml" in told[0]


def test_services_that_are_nothing_are_refused_in_every_document() -> None:
    files = {FILE: "services: {a: {image: x}}\n---\nservices:\n"}

    assert codes(files) == ["3:10 wrong-type"]
