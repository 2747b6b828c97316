"""`stackferry build`: the images of the stack's services, with the engine's builders."""

from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import SomeServices
from stackferry.options.declaration import Option, WrongValueError
from stackferry.options.stack_options import stack_options
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@stack_options
def build(
    session: Session,
    services: SomeServices = None,
    no_cache: Annotated[bool, Option("--no-cache", help="Do not use the build cache.")] = False,
    pull: Annotated[bool, Option("--pull", help="Always pull newer versions of base images.")] = False,
    build_arg: Annotated[
        list[str] | None, Option("--build-arg", metavar="KEY[=VALUE]", help="Set a build argument.")
    ] = None,
    quiet: Annotated[bool, Option("-q", "--quiet", help="Hide the output of the builder.")] = False,
    with_dependencies: Annotated[
        bool, Option("--with-dependencies", help="Include the dependencies of the named services.")
    ] = False,
    push: Annotated[bool, Option("--push", help="Push the images after the build.")] = False,
    memory: Annotated[
        str, Option("-m", "--memory", metavar="BYTES", help="Memory limit of the build containers, such as 512m.")
    ] = "",
    ssh: Annotated[
        list[str] | None,
        Option("--ssh", metavar="ID[=PATH]", help="SSH key for the build, or `default` for the agent."),
    ] = None,
    provenance: Annotated[
        str, Option("--provenance", metavar="VALUE", help="Add a provenance attestation: true, mode=max.")
    ] = "",
    sbom: Annotated[str, Option("--sbom", metavar="VALUE", help="Add an SBOM attestation: true.")] = "",
    builder: Annotated[str, Option("--builder", hidden=True)] = "",
    check: Annotated[bool, Option("--check", hidden=True)] = False,
    print_: Annotated[bool, Option("--print", hidden=True)] = False,
    tag: Annotated[list[str] | None, Option("-t", "--tag", hidden=True)] = None,
    _progress: Annotated[str, Option("--progress", hidden=True)] = "",
) -> int:
    """Build the images of services.

    Without a service, those of the whole stack. Run `up` to replace tasks that run an older image. With a folder,
    the line is handed to docker: `stackferry build -t NAME .`.
    """
    from stackferry.deploy.request import ServiceSelection
    from stackferry.deploy.wanted import wanted
    from stackferry.engine import connect
    from stackferry.images.build import build_images, tell_failed
    from stackferry.images.build_changes import BuildChanges
    from stackferry.images.transfer import HINT, own_names, send

    asked = {"--check": check, "--print": print_}
    if tag:
        raise WrongValueError(_tagged(services), option="--tag")
    # `default` is what docker calls the engine's own.
    _refuse({**asked, "--builder": builder not in ("", "default")})
    limit = _size(memory)
    _, stack = wanted(session, ServiceSelection(tuple(services or ()), with_dependencies=with_dependencies))
    if not stack.builds:
        session.note("No services to build")
        return 0
    known = session.environment
    given = {
        key: value if sign else known[key]
        for key, sign, value in (one.partition("=") for one in build_arg or ())
        if sign or key in known
    }
    changes = BuildChanges(no_cache, pull, given, limit, _keys(ssh or ()), provenance, sbom)
    engine = connect(session)
    build_images(session, engine, stack.builds, always=True, quiet=quiet, change=changes.applied)
    if push:
        tell_failed(session, send(session, engine, own_names(stack), quiet=quiet), HINT, ignored=False)
    return 0


def _tagged(services: list[str] | None) -> str:
    """What to do about `build -t NAME`, which is docker's, where the rest of the line is ours."""
    if not services:
        return "building an image with a tag requires a folder: stackferry build -t NAME ."
    name = services[0]
    return (
        f"{name} is a service of the stack, and the compose file sets the name of its image; for the"
        f" folder, write ./{name}"
    )


def _keys(said: "Iterable[str]") -> "dict[str, str | None]":
    """Ids of ssh with their keys or sockets; None: the agent."""
    return {name: path or None for name, _, path in (one.partition("=") for one in said)}


def _refuse(asked: "Mapping[str, object]") -> None:
    """What only the plugin's own command does."""
    for option, value in asked.items():
        if value:
            raise WrongValueError(
                (
                    "stackferry does not support this option: build with `docker buildx`, and set image:"
                    " in the compose file"
                ),
                option=option,
            )


def _size(text: str) -> int:
    from stackferry.options.service_values import memory

    try:
        return memory(text) if text else 0
    except ValueError as error:
        raise WrongValueError(str(error), option="--memory") from error
