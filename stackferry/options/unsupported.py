"""What to do instead of a command that docker or docker compose has and stackferry has not. The root group says it.

What docker alone has is handed on to it (`docker_options.ALONE`) and has no row here.
"""

from collections.abc import Mapping

HINTS: Mapping[str, str] = {
    # docker compose
    "alpha": "docker compose's experiments are not here.",
    "bridge": "`stackferry convert` makes Kubernetes manifests.",
    "commit": "use `docker commit $(stackferry ps -q SERVICE) IMAGE`.",
    "create": "tasks run as soon as there is a service. `stackferry up` makes and runs all; `stackferry up --scale "
    "SERVICE=0` makes one that does not run yet; `stackferry service create` is docker's.",
    "export": "use `docker export $(stackferry ps -q SERVICE)`.",
    "publish": "`stackferry config --resolve-image-digests` prints the stack as one file that can be passed on.",
    "volumes": "use `docker volume ls --filter label=io.stackferry.stack=NAME`.",
    "watch": "after a change, `stackferry up -d --build` builds and replaces the tasks that run another image.",
    # docker
    "compose": "its words are stackferry's own: `stackferry up`, `stackferry ps`.",
    "deploy": "`stackferry stack deploy -c FILE NAME` is docker's, `stackferry up` the short way.",
    "init": "there is no swarm to begin: `stackferry up` runs a stack on the engine as it is.",
}
