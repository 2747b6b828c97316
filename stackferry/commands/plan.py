"""`stackferry plan`: what `up` would create, replace and remove, and which fields made it so."""

from typing import Annotated, Literal

from stackferry.errors import CHANGES, OK
from stackferry.options.declaration import Argument, Option
from stackferry.options.stack_options import stack_options
from stackferry.session import Session


@stack_options
def plan(
    session: Session,
    services: Annotated[
        list[str] | None, Argument(metavar="[SERVICE]...", help="Only these services and their dependencies.")
    ] = None,
    nodes: Annotated[int, Option("--nodes", metavar="N", low=0, high=254, help="Number of virtual nodes.")] = 0,
    exit_code: Annotated[
        bool, Option("--exit-code", help="Exit with 4 if anything would change, and with 0 if nothing would.")
    ] = False,
    format_: Annotated[Literal["json"] | None, Option("--format", help="Output format.")] = None,
) -> int:
    """Show what `up` would change, and why.

    + create, ~ replace, ± scale or renew, = keep, - remove. In JSON, each object has kind (service, node, network
    or volume), name, change (create, replace, scale, renew, keep or remove), text, slots and fields.
    """
    from stackferry.deploy.plan import planned
    from stackferry.deploy.request import DeployRequest, Rollout, ServiceSelection
    from stackferry.engine import connect
    from stackferry.render.plan import plan_json

    session.machine = format_ == "json"
    request = DeployRequest(
        ServiceSelection(named=tuple(services or ())), rollout=Rollout(follow_images=True, nodes=nodes)
    )
    found = planned(session, connect(session), request)
    print(plan_json(found) if session.machine else found, end="")
    return CHANGES if exit_code and found.changes else OK
