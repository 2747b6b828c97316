"""Which files `config --each` combines into one stack."""

import pytest

from stackferry.each_file import stack_of


@pytest.mark.parametrize(
    ("path", "there", "expected"),
    [
        ("compose.yaml", ["compose.yml"], ["compose.yaml"]),
        ("compose.override.yml", ["compose.yml", "compose.yaml"], ["compose.yml", "compose.override.yml"]),
        ("compose.override.yml", ["compose.yaml"], ["compose.yaml", "compose.override.yml"]),
        ("compose.override.yml", ["docker-compose.yml"], ["docker-compose.yml", "compose.override.yml"]),
        ("docker-compose.override.yml", ["compose.yaml"], ["compose.yaml", "docker-compose.override.yml"]),
        ("x.override.yml", ["compose.yaml"], ["x.override.yml"]),
        ("a/x.override.yml", ["x.yml"], ["a/x.override.yml"]),
        ("a/x.override.yml", ["a/x.yaml"], ["a/x.yaml", "a/x.override.yml"]),
        ("override.yml", ["compose.yaml"], ["override.yml"]),
        ("compose.override.txt", ["compose.txt"], ["compose.override.txt"]),
        ("-", ["compose.yaml"], ["-"]),
    ],
)
def test_stacks(path, there, expected):
    assert stack_of(path, there.__contains__) == tuple(expected)
