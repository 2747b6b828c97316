"""Names of images as docker shows them."""

import pytest

from stackferry.render.image_names import familiar, image_name

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        ("redis", "redis:latest"),
        ("redis:7", "redis:7"),
        ("docker.io/library/redis", "redis:latest"),
        ("library/redis:7", "redis:7"),
        ("docker.io/foo/bar", "foo/bar:latest"),
        ("index.docker.io/foo/x", "foo/x:latest"),
        ("localhost:5000/x", "localhost:5000/x:latest"),
        (f"foo@{DIGEST}", f"foo@{DIGEST}"),
        (f"foo:1@{DIGEST}", f"foo:1@{DIGEST}"),
        (DIGEST, DIGEST),
        ("", ""),
    ],
)
def test_familiar(image, shown):
    assert familiar(image) == shown


def test_lists_leave_out_digests():
    assert (image_name(f"docker.io/library/foo:1@{DIGEST}"), image_name(f"foo@{DIGEST}")) == ("foo:1", f"foo@{DIGEST}")
    assert image_name(f"foo:1@{DIGEST}", trunc=False) == f"foo:1@{DIGEST}"
