"""Did you mean: close names are suggested, distant ones are not."""

import pytest

from stackferry.grammar.suggest import did_you_mean


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("replica", ("replicas", "resources"), "did you mean 'replicas'?"),
        ("IMAGE", ("image", "build"), "did you mean 'image'?"),
        ("enviroment", ("env_file", "environment"), "did you mean 'environment'?"),
        ("zzz", ("image", "build"), ""),
        ("", ("image",), ""),
        ("image", (), ""),
    ],
)
def test_the_closest_name(name: str, known: tuple[str, ...], expected: str) -> None:
    assert did_you_mean(name, known) == expected
