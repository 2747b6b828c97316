"""Adapts a service's spec to the one container of `run`: its command, variables, mounts and ports. Pure.

Between `deploy/wanted.py`, which gives the service's spec, and `one_off.py`, which runs the container.
"""

from collections.abc import Iterable
from dataclasses import replace

from stackferry.containers.one_off_request import OneOffRequest
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.options.run_values import capabilities, mounts, ports


def one_off_spec(
    spec: ServiceSpec, request: OneOffRequest, environment: Iterable[str], stack: DesiredStack, cwd: str
) -> ServiceSpec:
    """The spec of the container. `environment`: all its variables as `KEY=VALUE`. `cwd`: base of relative paths.

    Raises WrongValueError for a value in the request that cannot be parsed.
    """
    container, changes = spec.task.container, request.changes
    assert container is not None
    # As docker compose: another entrypoint discards the service's command.
    own = container.args if changes.entrypoint is None else ()
    endpoint = ports(spec.endpoint.ports if changes.service_ports else (), changes.publish)
    changed = replace(
        container,
        # The engine publishes only exposed ports.
        exposed=(*container.exposed, *(f"{one.target}/{one.protocol}" for one in endpoint.ports)),
        command=container.command if changes.entrypoint is None else changes.entrypoint,
        args=changes.command or own,
        env=tuple(environment),
        options=capabilities(container.options, changes.add_capabilities, changes.drop_capabilities),
        labels={**container.labels, **changes.labels},
        user=changes.user or container.user,
        working_dir=changes.working_dir or container.working_dir,
        container_name="",
        health=None,
        mounts=mounts(container.mounts, changes.volumes, stack, cwd),
        tty=request.attachment is not None and request.attachment.tty,
        stdin_open=True,
    )
    return replace(spec, task=replace(spec.task, container=changed, has_healthcheck=False), endpoint=endpoint)
