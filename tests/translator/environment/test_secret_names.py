"""The table of variables that look secret."""

import pytest

from stackferry.translator.environment.secret_names import is_secret


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("POSTGRES_PASSWORD", "x", True),
        ("db_pass", "x", True),
        ("API_KEY", "x", True),
        ("APIKEY", "x", True),
        ("GITHUB_TOKEN", "x", True),
        ("AWS_SECRET_ACCESS_KEY", "x", True),
        ("DATABASE_URL", "postgres://me:pw@db/shop", True),
        ("DATABASE_URL", "postgres://db/shop", False),
        ("POSTGRES_PASSWORD_FILE", "/run/secrets/pw", False),
        ("ALLOW_EMPTY_PASSWORD", "yes", False),
        ("TOKEN_TTL", "3600", False),
        ("PASSWORD", "", False),
        ("COMPASS", "north", False),
        ("PATH", "/bin", False),
        ("MONKEY", "banana", False),
    ],
)
def test_what_looks_secret(name: str, value: str, expected: bool) -> None:
    assert is_secret(name, value) is expected
