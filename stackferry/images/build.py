"""Builds the images of a stack before it runs, as docker compose does: missing ones, or all.

Builds that are not possible here are refused before any build starts, with the lines of the file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stackferry.emulator.desired.builds import BuildSpec, SecretSource, build_options, in_order, own_platform
from stackferry.emulator.engine.image import BuildOptions, BuildSecret
from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError, StackferryError
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine

_URLS = ("github.com/", "git@")


def build_images(
    session: Session,
    engine: "Engine",
    builds: tuple[BuildSpec, ...],
    *,
    always: bool,
    quiet: bool = False,
    change: Callable[[BuildOptions], BuildOptions] = lambda options: options,
) -> None:
    """Build missing images, or all if `always`. `change`: applies a command's options to each build.

    A service's image that another build copies from is built first. Raises SourceError, and EngineError with the
    builder's message.
    """
    quiet = quiet or session.silent
    wanted = [spec for spec in in_order(builds) if always or _is_missing(engine, spec)]
    if not wanted:
        return
    session.in_own_process()
    options = _options(session, engine, wanted, change)
    for spec in wanted:
        # Two services may share an image, which is then built once.
        if always or _is_missing(engine, spec):
            if not quiet:
                session.note(f"building {spec.image}{_for_one(spec, options[spec.service].platform)}")
            context = spec.build.context or "."
            engine.build(
                context if is_url(context) else Path(context), options[spec.service], None if quiet else session.note
            )


def is_url(context: str) -> bool:
    """Whether a context is a URL that the engine fetches itself."""
    return "://" in context or context.startswith(_URLS)


def tell_failed(session: Session, failed: list[str], hint: str, *, ignored: bool) -> None:
    """Raise an error with a line for each image that was not pulled or pushed; only report them if `ignored`."""
    if failed and not ignored:
        raise StackferryError("\n".join(failed), hint)
    for line in failed:
        session.note(line)


def _is_missing(engine: "Engine", spec: BuildSpec) -> bool:
    return spec.pull_policy == "build" or engine.image(spec.image) is None


def _options(
    session: Session, engine: "Engine", specs: Iterable[BuildSpec], change: Callable[[BuildOptions], BuildOptions]
) -> dict[str, BuildOptions]:
    """The build options of each service. Raises SourceError with everything that cannot be built here."""
    found: list[Diagnostic] = []
    # Include existing images: other builds may copy from them.
    every = in_order(specs)
    secrets = {spec.service: tuple(_secrets(session, spec, found)) for spec in every}
    version = engine.version()
    own = own_platform(version.os, version.arch)
    options = {spec.service: build_options(spec, secrets, own, change) for spec in every}
    for spec in specs:
        if unable := engine.unable(options[spec.service]):
            found += [_refusal(spec, key, unable.message, unable.hint) for key in unable.keys]
    if found:
        raise SourceError(dict.fromkeys(found))
    return options


def _secrets(session: Session, spec: BuildSpec, found: list[Diagnostic]) -> Iterator[BuildSecret]:
    for secret in spec.secrets:
        if secret.file and not Path(secret.file).is_file():
            found.append(
                _refusal(spec, "secrets", f"file {secret.file} not found", "create it, or specify another file")
            )
        elif secret.file:
            yield BuildSecret(secret.id, secret.file)
        elif (content := _content(session, secret)) is not None:
            yield BuildSecret(secret.id, content=content)
        elif secret.external:
            hint = f"create it first: stackferry secret create {secret.external} FILE"
            found.append(_refusal(spec, "secrets", f"secret not found: {secret.external}", hint))
        else:
            message = (
                f"{secret.variable} is not set" if secret.variable else f"{secret.id} has neither file nor environment"
            )
            found.append(_refusal(spec, "secrets", message, "set it, or use file: for the secret"))


def _content(session: Session, source: SecretSource) -> bytes | None:
    if not source.external:
        return None if source.content is None else source.content.encode()
    from stackferry.emulator.store.user_payloads import stored

    return stored(session.environment)("secret", source.external)


def _refusal(spec: BuildSpec, key: str, message: str, hint: str) -> Diagnostic:
    where = _owner(spec, key)
    path = f"{where.section}.{where.service}.build.{key}"
    return Diagnostic("cannot-build", Severity.ERROR, f"{path}: {message}", where.places.get(key), hint)


def _owner(spec: BuildSpec, key: str) -> BuildSpec:
    """The build that has the key: this one, or a build that it copies from."""
    return next((one for one in reversed(in_order([spec])) if getattr(one.build, key, None)), spec)


def _for_one(spec: BuildSpec, platform: str) -> str:
    """The platform to build for: only one, since the image has to run here, even if the file names several."""
    asked: Mapping[str, None] = dict.fromkeys(str(one) for one in spec.build.platforms)
    return f" for {platform}, not for {', '.join(one for one in asked if one != platform)}" if len(asked) > 1 else ""
