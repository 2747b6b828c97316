"""What a service's keys say about its own port."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.runtime import Healthcheck
from stackferry.grammar.files import Memory
from stackferry.translator.discovery.own_ports import ports_of_itself
from stackferry.translator.host import Host
from tests.translator.making import HERE, service


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"healthcheck": Healthcheck(test=("CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"))}, [8080]),
        ({"healthcheck": Healthcheck(test=("CMD", "wget", "http://127.0.0.1/"))}, [80]),
        ({"healthcheck": Healthcheck(test=("CMD", "pg_isready", "-h", "localhost"))}, []),
        ({"healthcheck": Healthcheck(test=("CMD", "curl", "localhost:1"), disable=True)}, []),
        ({"command": ("gunicorn", "-b", "0.0.0.0:8000", "app")}, [8000]),
        ({"command": ("gunicorn", "--bind=:8001", "app")}, [8001]),
        ({"command": ("server", "--port", "3000")}, [3000]),
        ({"command": ("sh", "-c", "mkdir -p 8080; httpd -p 8081; exec httpd -f -p 127.0.0.1:9090")}, [8081, 9090]),
        ({"command": ("nc", "-lk", "-p", "7000")}, [7000]),
        ({"command": ("sh", "-c", "nc -l -p 7001 | cat; nc -w 1 -l 7002")}, [7001, 7002]),
        ({"command": ("python3", "-m", "http.server", "8000")}, [8000]),
        ({"command": ("socat", "TCP-LISTEN:90,fork", "TCP:db:91")}, [90]),
        ({"command": ("ssh", "-p", "2222", "me@there")}, []),
        ({"command": ("sh", "-c", "date +%H:%M; sleep 10:20")}, []),
        ({"environment": {"PORT": "3000", "HTTP_PORT": "x"}}, [3000]),
        ({"environment": {"PORT": "9" * 5000, "HTTP_PORT": "65536", "APP_PORT": "0"}}, []),
        ({"labels": {"traefik.http.services.web.loadbalancer.server.port": "81"}}, [81]),
    ],
    ids=lambda value: str(value)[:100],
)
def test_ports(keys: dict[str, Any], expected: list[int]) -> None:
    assert [port.number for port in ports_of_itself(service(**keys), Host(Memory({}, HERE)))] == expected
