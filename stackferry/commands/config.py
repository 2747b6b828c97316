"""`stackferry config`: the canonical form of a stack, as `docker compose config` prints it, or a list of names."""

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stackferry.session import Session
from stackferry.stack import load_stack, requested, stack_options

if TYPE_CHECKING:
    from grammar.compose.load import Loaded


@stack_options
def config(
    session: Session,
    services: Annotated[
        list[str] | None, typer.Argument(metavar="[SERVICE]...", help="Only these, and what they depend on.")
    ] = None,
    format_: Annotated[Literal["yaml", "json"], typer.Option("--format", help="Notation of the output.")] = "yaml",
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only check, print nothing.")] = False,
    list_services: Annotated[bool, typer.Option("--services", help="Print the names of the services.")] = False,
    list_volumes: Annotated[bool, typer.Option("--volumes", help="Print the names of the volumes.")] = False,
    list_networks: Annotated[bool, typer.Option("--networks", help="Print the names of the networks.")] = False,
    list_profiles: Annotated[bool, typer.Option("--profiles", help="Print the names of the profiles.")] = False,
    list_images: Annotated[bool, typer.Option("--images", help="Print the images.")] = False,
    list_models: Annotated[bool, typer.Option("--models", help="Print the models.")] = False,
    no_interpolate: Annotated[bool, typer.Option("--no-interpolate", help="Leave ${…} as written.")] = False,
    no_normalize: Annotated[bool, typer.Option("--no-normalize", help="Leave out implied defaults.")] = False,
    no_path_resolution: Annotated[
        bool, typer.Option("--no-path-resolution", help="Leave relative paths relative.")
    ] = False,
    no_consistency: Annotated[
        bool, typer.Option("--no-consistency", help="Do not check that the parts fit together.")
    ] = False,
    no_env_resolution: Annotated[
        bool, typer.Option("--no-env-resolution", help="Do not read the env files of services.")
    ] = False,
) -> None:
    """Print the canonical form of a stack.

    Every file is merged, every default and every short form spelled out.
    Problems are reported all at once; with --format json as a JSON list on standard error.
    """
    from dataclasses import replace

    session.machine = format_ == "json"
    asked = {
        "services": list_services,
        "volumes": list_volumes,
        "networks": list_networks,
        "models": list_models,
        "profiles": list_profiles,
        "images": list_images,
    }
    wanted = next((names for kind, names in _LISTS.items() if asked[kind]), None)
    request = replace(
        requested(session),
        services=tuple(services or ()),
        interpolate=not no_interpolate,
        normalise=not no_normalize,
        resolve_paths=not no_path_resolution,
        check_consistency=not no_consistency,
        # As docker compose: a list of names does not need the env files, so a missing one does not matter.
        resolve_environment=not no_env_resolution and wanted is None,
    )
    loaded = load_stack(session, request)
    if wanted:
        # Sorted, and each image once: docker compose prints them in an order of chance.
        text = "".join(f"{name}\n" for name in sorted(set(wanted(loaded))))
    else:
        text = _canonical(loaded, format_, interpolated=not no_interpolate)
    if quiet:
        return
    if output is None:
        sys.stdout.write(text)
    else:
        with open(output, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
            stream.write(text)


def _canonical(loaded: "Loaded", notation: str, *, interpolated: bool) -> str:
    """The whole document. A `$` that is meant is written `$$`, so that the output can be loaded again."""
    from grammar.compose.render import render_json, render_yaml

    if notation == "json":
        text = render_json(loaded.canonical_json()) + "\n"
    else:
        text = render_yaml(loaded.canonical())
    return text.replace("$", "$$") if interpolated else text


def _keys(loaded: "Loaded", section: str) -> Iterable[str]:
    node = loaded.tree.get(section)
    return node.value if node is not None else ()


def _profiles(loaded: "Loaded") -> Iterable[str]:
    """Of every service, also of those that are not wanted now."""
    services = loaded.tree.get("services")
    for service in (*(services.value.values() if services is not None else ()), *loaded.disabled.values()):
        profiles = service.get("profiles")
        yield from (one.value for one in (profiles.value if profiles is not None else ()))


def _images(loaded: "Loaded") -> Iterable[str]:
    """An image that is built and has no name gets the one that docker compose gives it."""
    services = loaded.tree.get("services")
    for name, service in services.value.items() if services is not None else ():
        image = service.get("image")
        yield str(image.value) if image is not None and image.value else f"{loaded.name}-{name}"


def _models(loaded: "Loaded") -> Iterable[str]:
    models = loaded.tree.get("models")
    for model in models.value.values() if models is not None else ():
        name = model.get("model")
        if name is not None and name.value:
            yield str(name.value)


_LISTS: Mapping[str, Callable[["Loaded"], Iterable[str]]] = {
    "services": partial(_keys, section="services"),
    "volumes": partial(_keys, section="volumes"),
    "networks": partial(_keys, section="networks"),
    "models": _models,
    "profiles": _profiles,
    "images": _images,
}
