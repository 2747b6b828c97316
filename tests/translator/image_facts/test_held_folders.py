"""The known content of images' folders."""

import pytest

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.image_facts.held_folders import holds
from tests.translator.making import HERE, service


@pytest.mark.parametrize(
    ("image", "target", "expected"),
    [
        ("nginx:1", "/usr/share/nginx/html", True),
        ("nginx:1", "/etc/nginx/conf.d/", True),
        ("nginx:1", "/usr/share", True),
        ("nginx:1", "/var/cache/nginx", False),
        ("nginx:1", "/etc/nginxx", False),
        ("wordpress:6", "/var/www/html", False),
        ("postgres:16", "/var/lib/postgresql/data", False),
    ],
)
def test_table(image: str, target: str, expected: bool) -> None:
    assert holds(service(image=image), target, Host(Memory({}, HERE))) is expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/app/node_modules", True),
        ("/app/public", True),
        ("/app", True),
        ("/srv/site", True),
        ("/app/uploads", False),
        ("/usr/share/nginx/html", True),
        ("/var/lib/x", False),
    ],
)
def test_local_dockerfile(target: str, expected: bool) -> None:
    text = (
        'FROM nginx:1 AS base\nWORKDIR /app\nCOPY public ./public/\nFROM base\nADD ["a b", "/srv/site/x"]\nCOPY . .\n'
    )
    built = service(image="mine", build=Build(context=HERE, dockerfile_inline=text))

    assert holds(built, target, Host(Memory({}, HERE))) is expected
