"""The `deploy` section: swarm's defaults, values and refusals."""

import pytest

from stackferry.emulator.cluster.spec import Mode, PublishedPort, RestartCondition, RestartPolicy, UpdateConfig
from stackferry.grammar.diagnostics import SourceError
from tests.emulator.stacks import made, spec_of


def service(*lines: str) -> str:
    return "name: s\nservices:\n  w:\n    image: a\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("line", "policy"),
    [
        ("init: true", RestartPolicy()),
        ("restart: 'no'", RestartPolicy(RestartCondition.NONE)),
        ("restart: always", RestartPolicy()),
        ("restart: unless-stopped", RestartPolicy()),
        ("restart: on-failure", RestartPolicy(RestartCondition.ON_FAILURE)),
        ("restart: on-failure:4", RestartPolicy(RestartCondition.ON_FAILURE, max_attempts=4)),
        ("deploy: {restart_policy: {}}", RestartPolicy()),
        ("deploy: {restart_policy: {condition: none}}", RestartPolicy(RestartCondition.NONE)),
        ("deploy: {restart_policy: {condition: 'no'}}", RestartPolicy(RestartCondition.NONE)),
        ("deploy: {restart_policy: {delay: 0s, window: 500ms}}", RestartPolicy(delay=0.0, window=0.5)),
    ],
)
def test_restart(line: str, policy: RestartPolicy) -> None:
    assert spec_of(made(service(line)), "w").task.restart == policy


def test_deploy_wins_over_restart() -> None:
    text = service("restart: 'no'", "deploy: {restart_policy: {max_attempts: 2}}")

    assert spec_of(made(text), "w").task.restart == RestartPolicy(max_attempts=2)


@pytest.mark.parametrize(
    ("written", "config"),
    [
        ("{}", UpdateConfig()),
        ("{delay: 1m}", UpdateConfig(delay=60.0)),
        ("{parallelism: 0}", UpdateConfig(parallelism=0)),
        ("{monitor: 0s}", UpdateConfig(monitor=5.0)),
        ("{monitor: 100ms, max_failure_ratio: 0.1}", UpdateConfig(monitor=0.1, max_failure_ratio=0.1)),
        (
            "{failure_action: continue, order: start-first}",
            UpdateConfig(failure_action="continue", order="start-first"),
        ),
    ],
)
@pytest.mark.parametrize("key", ["update_config", "rollback_config"])
def test_update(key: str, written: str, config: UpdateConfig) -> None:
    spec = spec_of(made(service(f"deploy: {{{key}: {written}}}")), "w")

    assert (spec.update if key == "update_config" else spec.rollback) == config


@pytest.mark.parametrize(
    ("mode", "replicas", "expected"),
    [
        ("replicated", 3, (Mode.REPLICATED, 3, 0)),
        ("replicated-job", 3, (Mode.REPLICATED_JOB, 3, 3)),
        ("global", None, (Mode.GLOBAL, 1, 0)),
        ("global-job", None, (Mode.GLOBAL_JOB, 1, 0)),
    ],
)
def test_mode(mode: str, replicas: int | None, expected: tuple[Mode, int, int]) -> None:
    count = f", replicas: {replicas}" if replicas else ""
    spec = spec_of(made(service(f"deploy: {{mode: {mode}{count}}}")), "w")

    assert (spec.mode, spec.replicas, spec.max_concurrent) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("deploy: {mode: global, replicas: 2}", "replicas can only be used with replicated or replicated-job mode"),
        ("deploy: {mode: replicated-job, update_config: {delay: 1s}}", "cannot have an update or rollback"),
        ("deploy: {mode: many}", "Unknown mode: many"),
        ("deploy: {rollback_config: {failure_action: rollback}}", "unknown failure_action 'rollback'"),
        ("deploy: {update_config: {max_failure_ratio: 2}}", "invalid max_failure_ratio"),
        ("deploy: {endpoint_mode: vips}", "unknown endpoint mode 'vips'"),
        ("deploy: {placement: {constraints: ['nope']}}", "constraint expected one operator"),
        ("container_name: abc\n    deploy: {mode: global}", "more than one container cannot be named abc"),
        ("secrets: [{source: x, uid: me}]", "'me' is not a number"),
    ],
)
def test_refused(line: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        made(service(line) + "secrets: {x: {environment: X}}\n", X="")
    assert message in str(caught.value)


def test_ports() -> None:
    text = service('ports: ["80", "8080:80/udp", {target: 81, published: "81", mode: host, host_ip: 127.0.0.1}]')

    assert spec_of(made(text), "w").endpoint.ports == (
        PublishedPort(80),
        PublishedPort(80, 8080, "udp"),
        PublishedPort(81, 81, "tcp", "host", "127.0.0.1"),
    )


def test_a_swarm_publishes_every_port_of_a_range() -> None:
    ports = spec_of(made(service('ports: ["8000-8002:80/udp", {target: 81, published: "81-82", mode: host}]')), "w")

    assert ports.endpoint.ports == (
        *(PublishedPort(80, number, "udp") for number in (8000, 8001, 8002)),
        PublishedPort(81, 81, mode="host"),
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("deploy: {resources: {limits: {memory: 1k}}}", "invalid memory value 1024: Must be at least 4MiB"),
        ("deploy: {resources: {reservations: {cpus: '0.0001'}}}", "invalid cpu value 0.0001: Must be at least 0.001"),
        ('ports: ["80:80", "80:81"]', "EndpointSpec: duplicate published ports provided: 80/tcp"),
    ],
)
def test_what_docker_refuses_at_deploy(line: str, says: str) -> None:
    with pytest.raises(SourceError) as error:
        made(service(line))

    assert says in str(error.value)


def test_one_number_on_two_addresses_is_two_ports() -> None:
    made(service('ports: ["127.0.0.1:80:80", "127.0.0.2:80:80", "80:80/udp"]'))
