"""Images that are built here, in a registry that the cluster reaches: tagged by their content, used by their digest."""

from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError

if TYPE_CHECKING:
    from stackferry.emulator.desired.builds import BuildSpec
    from stackferry.emulator.engine.protocol import Engine
    from stackferry.grammar.compose.model.model import Project, Service
    from stackferry.session import Session

HINT = "log in with docker login; the registry must be one to which this machine may push"


def in_registry(session: "Session", project: "Project", registry: str, *, send: bool) -> "Project":
    """The project with those images instead of its builds. Without `send` nothing is built or pushed.

    Raises StackferryError where an image cannot be built or pushed.
    """
    from stackferry.emulator.desired.builds import build_specs
    from stackferry.engine import connect
    from stackferry.images.build import build_images

    specs = build_specs(project)
    if not specs:
        return project
    engine = connect(session)
    if send:
        # The builder's own cache knows what has changed.
        build_images(session, engine, specs, always=True)
    names = {spec.service: _name(engine, spec, registry, project.name) for spec in specs}
    if send:
        _push(session, engine, specs, names)
    digests = {name: _digest(engine, name) for name in set(names.values())}
    missing = [name for name, digest in digests.items() if digest is None]
    if send and missing:
        raise StackferryError(f"{', '.join(missing)} was pushed, and its registry does not have it", HINT)
    images = {service: f"{name}@{digests[name]}" if digests[name] else name for service, name in names.items()}
    return replace(project, services={key: _with_image(one, images.get(key)) for key, one in project.services.items()})


def _with_image(service: "Service", image: str | None) -> "Service":
    return service if image is None else replace(service, image=image, build=None, pull_policy=None)


def _name(engine: "Engine", spec: "BuildSpec", registry: str, project: str) -> str:
    """`HOST/PATH/STACK-SERVICE:ID`: the same content has the same name, so it is never sent twice."""
    from stackferry.translator.manifest.names import dns_label

    there = engine.image(spec.image)
    tag = there.id.removeprefix("sha256:")[:16] if there else "not-built"
    return f"{registry.rstrip('/')}/{dns_label(f'{project}-{spec.service}')}:{tag}"


def _push(session: "Session", engine: "Engine", specs: "tuple[BuildSpec, ...]", names: dict[str, str]) -> None:
    from stackferry.images.build import tell_failed
    from stackferry.images.transfer import send

    new = []
    for spec in specs:
        name = names[spec.service]
        if name not in new and _digest(engine, name) is None:
            engine.tag(spec.image, name)
            new.append(name)
    tell_failed(session, send(session, engine, new, quiet=False), HINT, ignored=False)


def _digest(engine: "Engine", name: str) -> str | None:
    """What the registry calls the image, None if it does not have it."""
    from stackferry.emulator.engine.protocol import EngineError

    try:
        return engine.distribution(name).digest
    except EngineError:
        return None
