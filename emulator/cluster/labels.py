"""Names of the labels on containers, networks and volumes: the labels are the truth about what exists.

Swarm's own labels, so that tools that read them keep working, and ours under `io.stackferry`.
"""

NAMESPACE = "com.docker.stack.namespace"
IMAGE = "com.docker.stack.image"

TASK = "com.docker.swarm.task"
TASK_ID = "com.docker.swarm.task.id"
TASK_NAME = "com.docker.swarm.task.name"
NODE_ID = "com.docker.swarm.node.id"
SERVICE_ID = "com.docker.swarm.service.id"
SERVICE_NAME = "com.docker.swarm.service.name"

STACK = "io.stackferry.stack"
SERVICE = "io.stackferry.service"
SLOT = "io.stackferry.slot"
VERSION = "io.stackferry.version"
SPEC = "io.stackferry.spec"
CREATED = "io.stackferry.created"
STEP_OF = "io.stackferry.pre_start.task"
STEP = "io.stackferry.pre_start.index"
GATE = "io.stackferry.gate"
HELPER = "io.stackferry.helper"
RESOLVER = "io.stackferry.resolver"
NETWORK = "io.stackferry.network"
"""On a network: what was asked for at its creation, to tell a change of the file from our own choices."""


def of_stack(name: str) -> dict[str, str]:
    """The labels of everything that belongs to a stack."""
    return {NAMESPACE: name, STACK: name}
