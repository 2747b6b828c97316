"""Quantities are exact or rounded up."""

from decimal import Decimal

import pytest

from stackferry.grammar.compose.syntax.units import Duration
from stackferry.translator.manifest.quantities import cpu, docker_size, memory, millicores, whole_seconds


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0"), (1024, "1Ki"), (1536 << 20, "1536Mi"), (1 << 30, "1Gi"), (1000, "1000"), (3 << 40, "3Ti")],
)
def test_memory(size: int, text: str) -> None:
    assert memory(size) == text


@pytest.mark.parametrize(("cpus", "milli"), [("0.5", 500), ("0.0001", 1), ("1.0005", 1001), ("2", 2000)])
def test_millicores(cpus: str, milli: int) -> None:
    assert millicores(Decimal(cpus)) == milli


def test_cpu() -> None:
    assert [cpu(500), cpu(1000), cpu(1500)] == ["500m", "1", "1500m"]


def test_whole_seconds() -> None:
    assert [whole_seconds(Duration(n)) for n in (0, 1, 10**9, 10**9 + 1)] == [1, 1, 1, 2]
    assert whole_seconds(Duration(0), 0) == 0


@pytest.mark.parametrize(
    ("text", "size"),
    [("64m", 64 << 20), ("1G", 1 << 30), ("1.5g", 3 << 29), ("100", 100), ("2GiB", 2 << 30), ("x", None), ("", None)],
)
def test_docker_size(text: str, size: int | None) -> None:
    assert docker_size(text) == size
