"""`run`: brings up a service's dependencies, then runs one container from the service's definition.

deploy/wanted.py -> dependencies.py -> containers/one_off_spec.py -> containers/one_off.py
"""

from dataclasses import replace

from stackferry.containers.one_off import Outcome, run_once
from stackferry.containers.one_off_request import OneOffRequest
from stackferry.containers.one_off_spec import one_off_spec
from stackferry.deploy.present import Present
from stackferry.deploy.request import ServiceSelection
from stackferry.deploy.surroundings import meet, warnings
from stackferry.deploy.wanted import wanted
from stackferry.images.namesakes import tell_namesakes
from stackferry.options.run_values import variables
from stackferry.session import Session
from stackferry.up.dependencies import bring_up_first


def run_one_off(session: Session, request: OneOffRequest) -> Outcome:
    """Run the container. Raises StackferryError for errors in the files or the request, EngineError for failures."""
    from stackferry.engine import connect

    loaded, stack = wanted(session, ServiceSelection((request.service,), or_job=True))
    spec = next(one for one in stack.services if one.name == stack.names[request.service])
    engine = connect(session)
    if not request.quiet:
        tell_namesakes(session, engine, [request.service])
    alone = replace(stack, services=(spec,))
    session.report(warnings(meet(session, Present(engine), alone, loaded.origin, publishes=False), loaded.origin))
    # The dependencies may get a manager by a fork, during which no connection may be open.
    engine.close()
    others = tuple(key for key in stack.names if key != request.service)
    if others and request.dependencies:
        code = bring_up_first(session, others, spec.depends_on, quiet=request.quiet)
        if code:
            return Outcome(code)
    container, changes = spec.task.container, request.changes
    assert container is not None
    environment = variables(session, container.env, changes.environment_files, changes.environment)
    changed = one_off_spec(spec, request, environment, stack, session.files.cwd)
    return run_once(session, engine, stack, changed, request)
