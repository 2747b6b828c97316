"""`stackferry config`: the canonical form of a stack, as `docker compose config` prints it, or a view of it."""

import gc
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.stack_options import load_stack, requested, stack_options
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded

_LISTS = ("services", "volumes", "networks", "models", "hash", "profiles", "images", "variables", "environment")
"""What is printed instead of the stack; of several, docker compose heeds the first of these."""


@stack_options
def config(
    session: Session,
    services: Annotated[
        list[str] | None, Argument(metavar="[SERVICE]...", help="Only these services and their dependencies.")
    ] = None,
    format_: Annotated[Literal["yaml", "json"] | None, Option("--format", help="Output format.")] = None,
    each: Annotated[
        bool,
        Option(
            "--each",
            help="Only validate. The arguments are files, each a stack of its own; an override is taken with its base.",
        ),
    ] = False,
    output: Annotated[str | None, Option("-o", "--output", metavar="FILE", help="Write to a file.")] = None,
    quiet: Annotated[bool, Option("-q", "--quiet", help="Only validate; print nothing.")] = False,
    origins: Annotated[bool, Option("--origins", help="Show the file and line that each line comes from.")] = False,
    list_services: Annotated[bool, Option("--services", help="Print the names of the services.")] = False,
    list_volumes: Annotated[bool, Option("--volumes", help="Print the names of the volumes.")] = False,
    list_networks: Annotated[bool, Option("--networks", help="Print the names of the networks.")] = False,
    list_profiles: Annotated[bool, Option("--profiles", help="Print the names of the profiles.")] = False,
    list_images: Annotated[bool, Option("--images", help="Print the images.")] = False,
    list_models: Annotated[bool, Option("--models", help="Print the models.")] = False,
    list_variables: Annotated[
        bool, Option("--variables", help="Print the variables that the files use, with their defaults.")
    ] = False,
    list_environment: Annotated[
        bool, Option("--environment", help="Print the variables that are set for the files.")
    ] = False,
    hash_: Annotated[
        str | None,
        Option("--hash", metavar="SERVICE,...|*", help="Print the hash of each service's configuration."),
    ] = None,
    no_interpolate: Annotated[bool, Option("--no-interpolate", help="Do not replace ${…}.")] = False,
    no_normalize: Annotated[bool, Option("--no-normalize", help="Do not add implied defaults.")] = False,
    no_path_resolution: Annotated[bool, Option("--no-path-resolution", help="Do not make paths absolute.")] = False,
    no_consistency: Annotated[
        bool, Option("--no-consistency", help="Do not check that the parts of the stack are consistent.")
    ] = False,
    no_env_resolution: Annotated[
        bool, Option("--no-env-resolution", help="Do not read the env files of services.")
    ] = False,
    resolve_image_digests: Annotated[
        bool, Option("--resolve-image-digests", help="Pin images to the digests of their tags.")
    ] = False,
    lock_image_digests: Annotated[
        bool, Option("--lock-image-digests", help="Print an override file that pins images to their digests.")
    ] = False,
) -> int | None:
    """Print the stack in canonical form.

    All files are merged, and every default and every short form is written out. All problems are reported at once;
    with --format json, as a JSON list on standard error.
    """
    from dataclasses import replace

    session.machine = format_ == "json"
    if hash_ is not None and no_interpolate:
        raise WrongValueError("omit --no-interpolate: the hash is computed from interpolated values", option="--hash")
    asked = {
        "services": list_services,
        "volumes": list_volumes,
        "networks": list_networks,
        "models": list_models,
        "hash": hash_ is not None,
        "profiles": list_profiles,
        "images": list_images,
        "variables": list_variables,
        "environment": list_environment,
    }
    wanted = next((kind for kind in _LISTS if asked[kind]), None)
    request = replace(
        requested(session),
        services=tuple(services or ()),
        interpolate=not no_interpolate and wanted != "variables",
        normalise=not no_normalize,
        resolve_paths=not no_path_resolution,
        validate=wanted != "variables",
        check_consistency=not no_consistency,
        check_named=False,
        # As docker compose: a list of names does not need the env files, so a missing one does not matter. A hash is
        # that of a container, which has their variables.
        resolve_environment=not no_env_resolution and wanted in (None, "environment", "hash"),
    )
    if each:
        from stackferry.each_file import check_each

        return check_each(services or (), replace(request, services=()), session)
    loaded = load_stack(session, request)
    text: Iterable[str]
    if wanted is not None:
        text = (_list(loaded, wanted, hash_ or "", format_),)
    elif origins:
        text = _with_origins(session, loaded, format_, to_file=output is not None)
    else:
        text = _canonical(loaded, format_, lock=lock_image_digests, resolve=resolve_image_digests)
    # All that is imported lives until the end: without this the interpreter looks it through when it leaves,
    # which is an eighth of the time that a small file takes.
    gc.freeze()
    if quiet:
        return None
    if output is None:
        sys.stdout.writelines(text)
    else:
        with open(output, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
            stream.writelines(text)
    return None


def _canonical(loaded: "Loaded", notation: str | None, *, lock: bool, resolve: bool) -> Iterator[str]:
    """The whole document. A `$` that is meant is written `$$`, so that the output can be loaded again."""
    from stackferry.grammar.compose.output.render import json_pieces, yaml_pieces

    document = loaded.canonical_json() if notation == "json" else loaded.canonical()
    if lock or resolve:
        from stackferry.grammar.compose.output.digests import lock_digests, resolve_digests
        from stackferry.grammar.diagnostics import Diagnostics, SourceError

        report = Diagnostics()
        document = resolve_digests(document, loaded.origin, report)
        if report.failed:
            raise SourceError(report)
        if lock:
            document = lock_digests(document, json=notation == "json")
    pieces = json_pieces(document) if notation == "json" else yaml_pieces(document)
    return (piece.replace("$", "$$") for piece in pieces) if loaded.interpolated else pieces


def _with_origins(session: Session, loaded: "Loaded", notation: str | None, *, to_file: bool) -> Iterator[str]:
    from stackferry.render.origins import origin_json, origin_yaml, origins
    from stackferry.render.style import Style

    document = loaded.canonical()
    found = origins(loaded, document)
    if notation == "json":
        return origin_json(document, found)
    style = Style() if to_file else session.style(error_stream=False)
    return origin_yaml(document, found, style, interpolated=loaded.interpolated)


def _list(loaded: "Loaded", kind: str, hashed: str, notation: str | None) -> str:
    """One of `_LISTS`."""
    if kind == "variables":
        return _variables(loaded, notation)
    if kind == "environment":
        return "".join(f"{name}={value}\n" for name, value in sorted(loaded.environment.items()))
    if kind == "hash":
        from stackferry.render.names import hashes

        return hashes(loaded, hashed)
    from stackferry.render.names import names

    return names(loaded, kind)


def _variables(loaded: "Loaded", notation: str | None) -> str:
    from stackferry.grammar.compose.phases.variables import wanted_variables
    from stackferry.grammar.diagnostics import Diagnostics, SourceError
    from stackferry.render.variables import NOTATIONS

    report = Diagnostics()
    found = wanted_variables(loaded.tree, report, loaded.sources)
    if report.failed:
        raise SourceError(report)
    return NOTATIONS[notation](found)
