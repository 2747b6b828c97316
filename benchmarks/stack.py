"""Generates compose files of any size with realistic services."""

HEAD = "name: bench\nservices:\n"

SERVICE = """\
  svc{n}:
    image: registry.example/team/svc{n}:1.{n}
    ports:
      - "{first}:80"
      - "127.0.0.1:{second}:443"
    environment:
      NAME: svc{n}
      LEVEL: ${{LEVEL:-info}}
      UPSTREAM: http://svc{parent}:80
    volumes:
      - data{n}:/var/lib/data
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost"]
      interval: 30s
      timeout: 5s
      retries: 3
    deploy:
      replicas: 2
      resources:
        limits:
          cpus: "0.50"
          memory: 128M
"""

DEPENDS = """\
    depends_on:
      svc{parent}:
        condition: service_healthy
"""


def compose_file(services: int, begin: int = 0) -> str:
    """The text of a compose file with services from `begin` up to `services`.

    Each service depends on one near the beginning: a single long chain, which is unrealistic, takes the real program
    quadratic time.
    """
    blocks = []
    for n in range(begin, services):
        parent = n // 10
        first = 10000 + 2 * n
        blocks.append(SERVICE.format(n=n, parent=parent, first=first, second=first + 1))
        if n:
            blocks.append(DEPENDS.format(parent=parent))
    volumes = "".join(f"  data{n}:\n" for n in range(begin, services))
    return HEAD + "".join(blocks) + "volumes:\n" + volumes
