"""What a deployment would do: `plan`, and `up --dry-run`. Nothing is built or written."""

from typing import TYPE_CHECKING

from stackferry.deploy.changed import changed
from stackferry.deploy.next_state import forced, next_state, stale
from stackferry.deploy.present import Present
from stackferry.deploy.stored import stored_cluster
from stackferry.deploy.surroundings import meet, plan_lines
from stackferry.deploy.wanted import wanted
from stackferry.emulator.store.directories import home

if TYPE_CHECKING:
    from stackferry.deploy.request import DeployRequest
    from stackferry.emulator.control.plan import Plan
    from stackferry.emulator.engine.protocol import Engine
    from stackferry.session import Session


def planned(session: "Session", engine: "Engine", request: "DeployRequest") -> "Plan":
    """The steps of the deployment with their reasons. Raises what the deployment would."""
    from stackferry.emulator.control.host_ports import rebound
    from stackferry.emulator.control.plan import plan

    loaded, stack = wanted(session, request.services, request.flavour)
    present = Present(engine)
    volumes = plan_lines(meet(session, present, stack, loaded.origin))
    before = stored_cluster(home(session.environment, stack.name))
    found = changed(present, stack, before, loaded.origin).under(request.rollout)
    other_images = stale(before, stack, request.rollout, engine)
    after = next_state(before, stack, request, engine, other_images, found).cluster
    moved = rebound(before.nodes, after.nodes, before.services.values())
    reasons = {
        **dict.fromkeys(moved, "ports of mode host (bound to the node's own address if there is more than one node)"),
        **found.reasons(one.spec for one in before.services.values()),
        **forced(stack, request.services, request.rollout),
        **dict.fromkeys(other_images, "image (newly built or pulled)"),
    }
    return plan(before, after, reasons, volumes, found.steps())
