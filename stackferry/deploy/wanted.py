"""Turns the files into the desired stack: loads and checks it, narrows it to the chosen services, scales it.

First step of `deploy.py` and `plan.py`; `build`, `pull`, `push` and `run` need only this step.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.deploy.request import Flavour, ServiceSelection
from stackferry.emulator.desired.stack import DesiredOptions, DesiredStack, desired
from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.stack_options import load_stack, requested
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded
    from stackferry.grammar.compose.model.model import Project


def wanted(
    session: Session,
    services: ServiceSelection,
    flavour: Flavour = Flavour(),  # noqa: B008 - it is frozen
) -> "tuple[Loaded, DesiredStack]":
    """The loaded stack and its desired state; reports its warnings.

    Raises SourceError for errors in the files, StackferryError for a service that they do not have.
    """
    from stackferry.deploy.admission import admit_images, admit_names
    from stackferry.emulator.store.user_payloads import stored

    loaded, project = _loaded(session, services, flavour)
    stack = desired(
        project,
        session.files,
        stored=stored(session.environment),
        options=DesiredOptions(
            flavour.strict, flavour.bug_compatible, unused=flavour.stack_deploy, origin=loaded.origin
        ),
    )
    session.report(stack.warnings)
    admit_images(stack)
    if flavour.stack_deploy:
        admit_names(stack)
    missing = [key for key in services.required if key not in stack.names]
    if missing:
        from stackferry.lookup.lookup import no_such

        raise no_such("service", missing, stack.names)
    return loaded, scaled(narrowed(stack, services), services)


def _loaded(session: Session, services: ServiceSelection, flavour: Flavour) -> "tuple[Loaded, Project]":
    """Load the stack of the files; for a job to run by hand, the job and its dependencies, all as services."""
    # An invalid schedule is an error here, not a warning; and a stack file of docker's may have a `version`.
    untold = {"invalid-schedule", *(("version-obsolete",) if flavour.stack_deploy else ())}
    request = replace(requested(session), all_resources=flavour.stack_deploy)
    try:
        loaded = load_stack(session, replace(request, services=services.named), untold=untold)
    except StackferryError:
        if not services.or_job:
            raise
        # As docker compose: a name that is not a service may be a job.
        from stackferry.emulator.desired.jobs import run_by_hand

        loaded = load_stack(session, request, untold=untold)
        project = run_by_hand(loaded.project, services.named[0])
        if project is None:
            raise
        return loaded, project
    return loaded, loaded.project


def narrowed(stack: DesiredStack, chosen: ServiceSelection) -> DesiredStack:
    """The part of the stack that `--no-deps` keeps."""
    if chosen.with_dependencies or not chosen.named:
        return stack
    names = {key: name for key, name in stack.names.items() if key in chosen.named}
    services = tuple(one for one in stack.services if one.name in names.values())
    builds = tuple(one for one in stack.builds if one.service in names)
    return replace(stack, services=services, names=names, builds=builds)


def scaled(stack: DesiredStack, chosen: ServiceSelection) -> DesiredStack:
    """The stack with the replicas of `--scale`, by key in the file or full name."""
    from stackferry.emulator.control.change import scaled as with_replicas
    from stackferry.lookup.lookup import no_such

    counts = {stack.names.get(key, key): count for key, count in chosen.replicas}
    known = {one.name for one in stack.services}
    missing = [key for key, _ in chosen.replicas if stack.names.get(key, key) not in known]
    if missing:
        raise no_such("service", missing, [*stack.names, *known])
    services = tuple(with_replicas(one, counts[one.name]) if one.name in counts else one for one in stack.services)
    return replace(stack, services=services)
