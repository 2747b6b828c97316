"""`stackferry stack deploy -c FILE STACK`: docker's words for bringing a stack up in the background."""

from typing import TYPE_CHECKING, Annotated, Literal

from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackferry.deploy.deploy import Ready


@verb
def stack_deploy(
    session: Session,
    stack: Annotated[str, Argument(metavar="STACK")],
    compose_file: Annotated[
        list[str] | None, Option("-c", "--compose-file", metavar="FILE", help="Compose file; - reads standard input.")
    ] = None,
    detach: Annotated[
        bool, Option("-d/ ", "--detach/--no-detach", help="Return at once instead of waiting for services.")
    ] = True,
    prune: Annotated[bool, Option("--prune", help="Remove services that are no longer in the files.")] = False,
    quiet: Annotated[bool, Option("-q", "--quiet", help="Do not show progress.")] = False,
    resolve_image: Annotated[
        Literal["always", "changed", "never"],
        Option("--resolve-image", help="When to ask registries for the digests of images."),
    ] = "always",
    with_registry_auth: Annotated[
        bool, Option("--with-registry-auth", help="Accepted; docker login's credentials are always used.")
    ] = False,
    strict_swarm: Annotated[bool, Option("--strict-swarm", help="Refuse what a real swarm refuses.")] = False,
    bug_compatible: Annotated[
        bool, Option("--bug-compatible", help="Reproduce bugs of a real swarm: jobs that never give up.")
    ] = False,
    nodes: Annotated[int, Option("--nodes", metavar="N", low=0, high=254, help="Number of virtual nodes.")] = 0,
) -> int:
    """Deploy a new stack or update one."""
    from stackferry.deploy.deploy import put_in_force
    from stackferry.deploy.request import DeployRequest, Flavour, ImagePolicy, Rollout
    from stackferry.engine import connect
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.up.background import keep, wait_for
    from stackferry.up.summary import report

    del with_registry_auth
    if not compose_file and not session.stack.files:
        raise StackferryError(
            "Specify a Compose file (with --compose-file)",
            f"run stackferry stack deploy -c compose.yaml {stack}; `stackferry up` finds the file by itself",
        )
    if compose_file:
        session.stack = session.stack._replace(files=(*session.stack.files, *compose_file))
    session.stack = session.stack._replace(project_name=stack)
    engine = connect(session)
    request = DeployRequest(
        images=ImagePolicy(resolve=resolve_image),
        rollout=Rollout(prune=prune, nodes=nodes),
        flavour=Flavour(strict=strict_swarm, bug_compatible=bug_compatible, stack_deploy=True),
    )
    ready = put_in_force(session, engine, request)
    engine.close()
    print("".join(f"{line}\n" for line in _said(ready)), end="", flush=True)
    if detach:
        keep(session, ready)
        return 0
    return report(session, ready, wait_for(session, ready, quiet=quiet, timeout=None, steady=None))


def _said(ready: "Ready") -> "Iterator[str]":
    """What docker says of a deployment. It updates every service that there is, changed or not."""
    yield from (f"Removing service {name}" for name in ready.deployed.removed)
    yield from (f"Creating {made}" for made in ready.made)
    ids = {name: one.id for name, one in ready.deployed.cluster.by_name().items()}
    for spec in ready.desired.services:
        if spec.name in ready.deployed.created:
            yield f"Creating service {spec.name}"
        else:
            yield f"Updating service {spec.name} (id: {ids[spec.name]})"
