"""Well-known images, from any registry."""

import pytest

from stackferry.translator.discovery.image_ports import ports_of_image


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("postgres:17-alpine", [5432]),
        ("docker.io/library/postgres@sha256:00", [5432]),
        ("registry.example:5000/mirror/bitnami/redis:7", [6379]),
        ("nginx", [80]),
        ("nginxinc/nginx-unprivileged:1.27", [8080]),
        ("php:8.3-fpm-alpine", [9000]),
        ("php:8.3-cli", []),
        ("wordpress:6-fpm", [9000]),
        ("wordpress:6", [80]),
        ("confluentinc/cp-zookeeper:7.6.0", [2181, 2888, 3888]),
        ("rabbitmq:4-management-alpine", [5672, 15672, 4369, 25672]),
        ("docker:27-dind", [2375, 2376]),
        ("minio/minio", [9000, 9001]),
        ("haproxy:3", []),
        ("me/app:1", []),
        ("", []),
    ],
)
def test_ports(reference: str, expected: list[int]) -> None:
    assert [port.number for port in ports_of_image(reference)] == expected
