"""The labels that say what a container, network or volume is for: the truth about what exists.

The first group are swarm's own (moby daemon/cluster/executor/container/container.go), which users filter by.
"""

STACK_NAMESPACE = "com.docker.stack.namespace"
TASK = "com.docker.swarm.task"
TASK_ID = "com.docker.swarm.task.id"
TASK_NAME = "com.docker.swarm.task.name"
TASK_NODE = "com.docker.swarm.node.id"
SERVICE_ID = "com.docker.swarm.service.id"
SERVICE_NAME = "com.docker.swarm.service.name"

STACK = "io.stackferry.stack"
SERVICE = "io.stackferry.service"
SLOT = "io.stackferry.slot"
VERSION = "io.stackferry.version"
SPEC = "io.stackferry.spec"
CREATED = "io.stackferry.created"
