"""Hints for commands of docker and docker compose that stackferry does not have. The root group prints them.

Commands that only docker has are handed on to it (`docker_options.ALONE`) and have no row here.
"""

from collections.abc import Mapping

HINTS: Mapping[str, str] = {
    # docker compose
    "alpha": "docker compose's experimental commands are not supported.",
    "bridge": "use `stackferry convert` to generate Kubernetes manifests.",
    "commit": "use `docker commit $(stackferry ps -q SERVICE) IMAGE`.",
    "create": "creating a service also starts it. Use `stackferry up` to create and start all; `stackferry up"
    " --scale SERVICE=0` to create one without starting it; `stackferry service create` for docker's"
    " command.",
    "export": "use `docker export $(stackferry ps -q SERVICE)`.",
    "publish": "use `stackferry config --resolve-image-digests` to print the stack as one file to share.",
    "volumes": "use `docker volume ls --filter label=io.stackferry.stack=NAME`.",
    "watch": (
        "after a change, run `stackferry up -d --build` to build, and to replace the tasks with an outdated image."
    ),
    # docker
    "compose": "use its commands directly: `stackferry up`, `stackferry ps`.",
    "deploy": "use `stackferry stack deploy -c FILE NAME`, or `stackferry up` for short.",
    "init": "swarm mode is not needed: `stackferry up` runs a stack on the engine as it is.",
}
