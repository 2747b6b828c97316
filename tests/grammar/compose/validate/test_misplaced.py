"""A key at a wrong level is reported once; a key that only resembles one is left alone."""

import pytest

from tests.grammar.making import codes, config, problems


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("services:\n  w: {image: x}\n  volumes:\n    a:\n", ["3:3 misplaced-key"]),
        ("services:\n  w: {image: x, volumes: ['a:/b']}\n  volumes:\n    a:\n", ["3:3 misplaced-key"]),
        ("services:\n  w: {image: x}\n  deploy:\n    replicas: 2\n", ["3:3 misplaced-key"]),
        ("services:\nw:\n  image: x\nv:\n  image: y\n", ["2:1 misplaced-key", "4:1 misplaced-key"]),
        ("services:\n  v: {image: x}\nw:\n  build: .\n", ["3:1 misplaced-key"]),
        ("w:\n  image: x\nv:\n  image: y\n", ["1:1 misplaced-key"]),
        ("image: x\nports: ['80:80']\n", ["1:1 misplaced-key"]),
        ("services:\n  w:\n  image: x\n", ["3:3 misplaced-key"]),
    ],
)
def test_a_mistake_is_told_once(text: str, told: list[str]) -> None:
    assert codes(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "services: {volumes: {image: x}, networks: {build: .}, deploy: {image: y, labels: {a: b}}}\n",
        "services: {secrets: {extends: volumes}, volumes: {image: x}}\n",
        "services: {w: {image: x}}\nx-services: {v: {image: y}}\nx-image: z\n",
    ],
)
def test_a_service_may_be_called_so(text: str) -> None:
    assert config(text)["services"]


def test_a_service_that_a_first_file_has_may_be_overridden() -> None:
    files = {
        "compose.yaml": "services: {volumes: {image: x}}\n",
        "over.yaml": "services: {volumes: {x-note: 1}}\n",
    }

    assert set(config(files, files=("compose.yaml", "over.yaml"))["services"]) == {"volumes"}


def test_what_belongs_to_the_key_above() -> None:
    text = "services:\n  w:\n    image: x\n    healthcheck:\n    interval: 3s\n"

    assert "it belongs to 'healthcheck': indent it below that key" in problems(text)[-1]
