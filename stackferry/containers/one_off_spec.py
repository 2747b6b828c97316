"""A service's spec as `run` has it for one container: with other words, variables, mounts and ports. Pure.

Between `deploy/wanted.py`, which has the service's own spec, and `one_off.py`, which runs it.
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
    """The spec of the container. `environment`: all its variables, as `KEY=VALUE`. `cwd`: where paths start.

    Raises WrongValueError for a text of the request that cannot be read.
    """
    container, changes = spec.task.container, request.changes
    assert container is not None
    # As docker compose: with another entrypoint, the service's own command means nothing.
    own = container.args if changes.entrypoint is None else ()
    endpoint = ports(spec.endpoint.ports if changes.service_ports else (), changes.publish)
    changed = replace(
        container,
        # The engine publishes only what is exposed.
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
