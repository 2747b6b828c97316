"""Builds images on the node with `minikube image build`, if no engine answers on this host.

A tag has the digest of the build context, so that nothing is built twice. Minikube's report of a build is not trusted:
the node must list the image; if not, the reason is taken from the builder's output.
"""

import os
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stackferry.emulator.desired.builds import BuildSpec, build_specs, own_platform, platform_of
from stackferry.emulator.engine.build_failure import build_failure
from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError, StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import nearest
from stackferry.minikube.build_context import OWN_DOCKERFILE, BuildContext, build_context
from stackferry.minikube.images import on_node
from stackferry.translator.manifest.names import dns_label
from stackferry.translator.minikube.machine import RUNTIME
from stackferry.translator.minikube.node_build import NodeBuild, refusals

if TYPE_CHECKING:
    from stackferry.grammar.compose.model.model import Project
    from stackferry.grammar.notes import Origin
    from stackferry.minikube.place import Place
    from stackferry.session import Session
    from stackferry.translator.minikube.images import Held
    from stackferry.translator.minikube.programs import Answer, Programs

_TAG = 16
"""Digits of the digest in a tag."""
_BUILD = 3600.0
"""Seconds that a build may take: the node may download and compile on two processors."""
_LOOKS = 5
"""How often the node is asked for an image that it has just built: its runtime lists it with a delay."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    spec: BuildSpec
    image: NodeBuild
    context: BuildContext


def build_on_node(
    session: "Session", place: "Place", programs: "Programs", project: "Project", origin: "Origin"
) -> dict[str, str]:
    """Build the images that the node lacks; returns the image of each service with a `build`, by service name.

    Raises SourceError, before anything is built, for builds that the node cannot do, and StackferryError with the
    builder's message.
    """
    every = _wanted(project, origin)
    there = on_node(place, programs) if every else None
    missing = _missing(every, there)
    if missing:
        seen = place.look().profile
        runtime = (seen and seen.runtime) or RUNTIME
        for build in missing:
            session.note(f"building {build.image.name} on the node")
            _build(session, place, programs, build, runtime)
    return {one.spec.service: one.image.name for one in every}


def node_build_words(
    project: "Project", origin: "Origin", runtime: str, profile: str, there: "Held | None"
) -> Iterator[list[str]]:
    """The command lines of the pending builds. `there`: the node's images, None if it does not exist yet.

    Raises what `build_on_node` raises before it starts to build.
    """
    for build in _missing(_wanted(project, origin), there):
        yield build.image.words(f"{build.image.folder}.tar", runtime or RUNTIME, profile)


def images_on_node(project: "Project", origin: "Origin") -> dict[str, str]:
    """The name that each service's built image will have on the node. Raises as `build_on_node`."""
    return {one.spec.service: one.image.name for one in _wanted(project, origin)}


def _wanted(project: "Project", origin: "Origin") -> list[_Wanted]:
    specs = build_specs(project, origin)
    found = [
        Diagnostic(
            "cannot-build",
            Severity.ERROR,
            f"{spec.section}.{spec.service}.build.{'.'.join(one.path)}: {one.message}",
            nearest((spec.section, spec.service, "build", *one.path), origin),
            one.hint,
        )
        for spec in specs
        for one in refusals(spec.build)
    ]
    if found:
        raise SourceError(found)
    return [_described(spec, project) for spec in specs]


def _described(spec: BuildSpec, project: "Project") -> _Wanted:
    build = spec.build
    context = build_context(Path(build.context or project.directory), build.dockerfile or "", build.dockerfile_inline)
    repository = dns_label(f"{project.name}-{spec.service}")
    # The node is a virtual machine with this machine's processor architecture.
    platform_of_it = platform_of(spec, own_platform("linux", platform.machine()))
    image = NodeBuild(repository, context.dockerfile, build, platform_of_it)
    digest = context.digest(image.meant())
    return _Wanted(spec, replace(image, name=f"{repository}:{digest[:_TAG]}"), context)


def _missing(every: list[_Wanted], there: "Held | None") -> list[_Wanted]:
    return [one for one in every if there is None or not there.has(one.image.name)]


def _build(session: "Session", place: "Place", programs: "Programs", build_request: _Wanted, runtime: str) -> None:
    # An interrupted build may have left files there, which would become part of this build.
    programs.run(build_request.image.leftovers(place.name))
    with tempfile.TemporaryDirectory(dir=place.folder.scratch) as folder:
        tar = Path(folder) / f"{build_request.image.folder}.tar"
        with tar.open("wb") as file:
            build_request.context.pack(file)
        told = None if session.silent else (lambda line: session.note(line) if line else None)
        words = build_request.image.words(str(tar), runtime, place.name)
        answer = programs.run(words, patience=_BUILD, told=told, told_errors=told)
    for _ in range(_LOOKS):
        if on_node(place, programs).has(build_request.image.name):
            return
        if _says_why(answer):
            break
    programs.run(build_request.image.leftovers(place.name))
    raise _failed(place, build_request, answer, is_told=not session.silent)


def _says_why(answer: "Answer") -> bool:
    return bool(answer.code) or any(line.lower().startswith("error: ") for line in answer.err.splitlines())


def _failed(place: "Place", build_request: _Wanted, answer: "Answer", *, is_told: bool) -> StackferryError:
    """The error, with the line of the Dockerfile if the builder names it, and the step's output unless it was shown."""
    said = answer.text.splitlines()
    found = build_failure(said)
    reason = next((line.removeprefix("X ") for line in said if "Exiting due to" in line), found.reason)
    output = "" if is_told else "".join(f"\n  {line}" for line in found.output)
    if not found.line:
        hint = f"check whether the node's disk is full: minikube ssh -p {place.name} -- df -h /var"
        return StackferryError(f"the node could not build {build_request.image.name}: {reason}{output}", hint)
    hint = f"fix the build of service {build_request.spec.service}, and run the command again"
    return StackferryError(f"{_dockerfile(build_request, found.file)}:{found.line}: {reason}{output}", hint)


def _dockerfile(build_request: _Wanted, name: str) -> str:
    """The Dockerfile's path for the user; the builder knows only the name in the tar."""
    build = build_request.spec.build
    if build.dockerfile_inline is not None:
        return f"{build_request.spec.section}.{build_request.spec.service}.build.dockerfile_inline"
    own = build.dockerfile or "Dockerfile"
    return os.path.normpath(Path(build.context or ".") / (own if name == OWN_DOCKERFILE else name))
