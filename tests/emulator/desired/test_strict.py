"""What `docker stack deploy` refuses, ignores and interprets differently, under `--strict-swarm`."""

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.spec import RestartCondition
from stackferry.grammar.diagnostics import SourceError
from tests.emulator.stacks import made, spec_of


def strict(*lines: str, head: str = "") -> str:
    return f"{head}services:\n  w:\n    image: a\n" + "".join(f"    {line}\n" for line in lines)


REFUSED = {
    "volumes_from: [v]": "unsupported options: volumes_from",
    "cpu_shares: 5": "unsupported options: cpu_shares",
    "mem_limit: 1g": "unsupported options: mem_limit",
    "profiles: []\n    annotations: {a: b}": "Additional property annotations is not allowed",
    "depends_on: {v: {condition: service_healthy}}": "depends_on must be a list",
    'ports: [{target: 80, published: "80-90", mode: host}]': "must be a integer",
    "networks: [b]": "The network stack_b cannot be used with services",
    "deploy: {restart_policy: {condition: always}}": "invalid RestartCondition",
    "deploy: {resources: {limits: {memory: 1k}}}": "Must be at least 4MiB",
    "deploy: {resources: {reservations: {cpus: '0.0001'}}}": "Must be at least 0.001",
    'environment: {A: "{{.Nope}}"}': "no entry for key",
}
REST = "  v: {image: a}\nnetworks: {b: {driver: macvlan}}\n"


@pytest.mark.parametrize("lines", REFUSED)
def test_refused(lines: str) -> None:
    text = strict(lines) + REST

    with pytest.raises(SourceError) as caught:
        made(text, strict=True)
    assert REFUSED[lines] in str(caught.value)


def test_a_name_is_refused() -> None:
    with pytest.raises(SourceError, match="Additional property name is not allowed"):
        made(strict(head="name: s\n"), strict=True)


IGNORED = [
    *("build: .", "cgroup_parent: a", "devices: [/dev/null]", "domainname: a", "external_links: [a]", "ipc: host"),
    *("links: [v]", "mac_address: '02:00:00:00:00:01'", "network_mode: host", "pid: host", "privileged: true"),
    *("security_opt: [a]", "shm_size: 1m", "userns_mode: host", "container_name: abc", "expose: ['80']"),
    *("tmpfs: /a", "depends_on: [v]"),
]


@pytest.mark.parametrize("line", IGNORED)
def test_ignored_with_a_warning(line: str) -> None:
    stack = made(strict(line) + REST, strict=True)
    plain = made(strict() + REST, strict=True)

    key = line.partition(":")[0]
    assert f"services.w.{key}" in " ".join(one.message for one in stack.warnings)
    assert spec_of(stack, "w") == spec_of(plain, "w")


def test_restart_is_ignored_and_applied_all_the_same() -> None:
    for text, condition in (("'no'", RestartCondition.ANY), ("on-failure:4", RestartCondition.ON_FAILURE)):
        stack = made(strict(f"restart: {text}"), strict=True)

        assert spec_of(stack, "w").task.restart.condition is condition
        assert [one.code for one in stack.warnings] == ["swarm-ignored"]


def test_a_host_path_must_be_there() -> None:
    for is_strict in (True, False):
        container = spec_of(made(strict("volumes: ['./a:/a']"), strict=is_strict), "w").task.container
        assert isinstance(container, ContainerSpec)
        assert container.mounts[0].create_host_path is not is_strict


@pytest.mark.parametrize(
    ("more", "made_here"), [("", True), (", bind: {create_host_path: true}", True), (", bind: {selinux: z}", True)]
)
def test_a_host_path_in_the_long_form_is_made_as_docker_compose_does(more: str, made_here: bool) -> None:
    stack = made(strict(f"volumes: [{{type: bind, source: ./a, target: /a{more}}}]"))

    container = spec_of(stack, "w").task.container
    assert isinstance(container, ContainerSpec)
    assert container.mounts[0].create_host_path is made_here


def test_addresses_of_ports_are_ignored() -> None:
    stack = made(strict('ports: ["127.0.0.1:80:80"]'), strict=True)

    assert spec_of(stack, "w").endpoint.ports[0].host_ip == ""
    assert [one.code for one in stack.notes] == ["host-ip"]
