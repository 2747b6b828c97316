"""Which images have to be built before the stack can run, and what a built image is called.

Part of `stack.py`. A swarm ignores `build:`; here images are built as docker compose builds them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, fields, replace

from stackferry.emulator.engine.image import BuildOptions, BuildSecret, Linked
from stackferry.grammar.compose.model.attachments import Ulimit
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.terms import Platform
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.key_path import Path
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import Origin, nearest, nowhere
from stackferry.grammar.regex import regex
from stackferry.grammar.source import Span

Change = Callable[[BuildOptions], BuildOptions]

_SERVICE = "service:"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_TARGET = regex(r"[^a-zA-Z0-9_-]")


@dataclass(frozen=True, slots=True)
class SecretSource:
    """Where a build secret `id` comes from: a `file`, an environment `variable`, or the name of an `external` secret.

    `content` is the variable's value, None if it is not set.
    """

    id: str
    file: str = ""
    variable: str = ""
    external: str = ""
    content: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class BuildSpec:
    """One image to build: `image` is its tag, `build` the options (further tags in `build.tags`).

    `section` is the section of the file that has it: a job runs as a service. `linked` maps names among the build's
    contexts to the builds that it copies from. `places` says where the keys of the build were written.
    """

    service: str
    image: str
    build: Build
    platform: str = ""
    pull_policy: str = ""
    secrets: tuple[SecretSource, ...] = ()
    section: str = "services"
    linked: Mapping[str, "BuildSpec"] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)

    def to_show(self) -> "BuildSpec":
        """The spec without contents of secrets and without places."""
        secrets = tuple(replace(one, content=None) for one in self.secrets)
        linked = {key: one.to_show() for key, one in self.linked.items()}
        return replace(self, secrets=secrets, places={}, linked=linked)


def own_image(stack: str, service: str) -> str:
    """The name of a built image for which the file gives no name. No registry has it."""
    return f"{stack}-{service}"


def image_of(service: Service, project: Project) -> str:
    """The image that the service's containers run."""
    return service.image or own_image(project.name, service.name)


def build_specs(project: Project, origin: Origin = nowhere) -> tuple[BuildSpec, ...]:
    """The builds of the enabled services. Raises StackferryError for builds that depend on each other in a cycle."""
    made: dict[str, BuildSpec] = {}
    return tuple(
        _spec(service, project, origin, made, ()) for service in project.services.values() if service.build is not None
    )


def _spec(
    service: Service, project: Project, origin: Origin, made: dict[str, BuildSpec], waiting: tuple[str, ...]
) -> BuildSpec:
    build = service.build
    assert build is not None
    if service.name in waiting:
        circle = " -> ".join((*waiting[waiting.index(service.name) :], service.name))
        raise StackferryError(
            f"builds depend on each other in a cycle: {circle}", "remove one of the additional_contexts"
        )
    if service.name not in made:
        others = {
            _target(name): _spec(other, project, origin, made, (*waiting, service.name))
            for name in _services(build)
            if (other := project.services.get(name) or project.disabled.get(name)) and other.build
        }
        section = "services" if origin(("jobs", service.name)) is None else "jobs"
        made[service.name] = BuildSpec(
            service.name,
            image_of(service, project),
            build,
            str(service.platform or ""),
            str(service.pull_policy or ""),
            tuple(_secrets(build, project)),
            section,
            others,
            dict(_places((section, service.name, "build"), build, origin)),
        )
    return made[service.name]


def _services(build: Build) -> Iterator[str]:
    """The services from whose images a build copies."""
    for place in build.additional_contexts.values():
        if place.startswith(_SERVICE):
            yield place.removeprefix(_SERVICE)


def _target(service: str) -> str:
    """The name of another build among a build's contexts: BuildKit accepts no dots there."""
    return _TARGET.sub(lambda found: f"_{ord(found[0]):x}_", service)


def _secrets(build: Build, project: Project) -> Iterator[SecretSource]:
    for secret in build.secrets:
        entry, name = project.secrets.get(secret.source), secret.target or secret.source
        if entry is None:
            continue
        if entry.external:
            yield SecretSource(name, external=entry.name or secret.source)
        elif entry.file:
            yield SecretSource(name, entry.file)
        else:
            variable = entry.environment or ""
            yield SecretSource(name, variable=variable, content=project.environment.get(variable))


def _places(path: Path, build: Build, origin: Origin) -> Iterator[tuple[str, Span]]:
    for build_field in fields(build):
        if getattr(build, build_field.name) and (span := nearest((*path, build_field.name), origin)):
            yield build_field.name, span


def in_order(specs: Iterable[BuildSpec]) -> tuple[BuildSpec, ...]:
    """The builds and those that they copy from, each once, sorted so that dependencies come first."""
    found: dict[str, BuildSpec] = {}
    for spec in specs:
        _collect(spec, found)
    return tuple(found.values())


def _collect(spec: BuildSpec, found: dict[str, BuildSpec]) -> None:
    if spec.service not in found:
        for link in spec.linked.values():
            _collect(link, found)
        found[spec.service] = spec


def own_platform(system: str, machine: str) -> str:
    """From a machine's name in the kernel to a platform as images name it: `x86_64` to `linux/amd64`."""
    return f"{system}/{_ARCHITECTURES.get(machine, machine)}"


def platform_of(spec: BuildSpec, own: str = "") -> str:
    """The one platform to build for; it has to run here. `own`: the engine's, as `linux/amd64`."""
    if spec.platform:
        return spec.platform
    ours = Platform(own)
    matching = (
        one
        for one in spec.build.platforms
        if (one.system or ours.system, one.architecture or ours.architecture) == (ours.system, ours.architecture)
    )
    return str(next(matching, None) or next(iter(spec.build.platforms), ""))


def build_options(
    spec: BuildSpec,
    secrets: Mapping[str, tuple[BuildSecret, ...]] | None = None,
    own: str = "",
    change: Change = lambda options: options,
) -> BuildOptions:
    """The options of a build as the engine protocol takes them; its context is `spec.build.context`.

    `secrets`: each service's build secrets, with contents. `own`: the engine's platform. `change` overrides options of
    the file, also for the builds that this build copies from.
    """
    build = spec.build
    options = BuildOptions(
        tags=(spec.image, *build.tags),
        dockerfile=build.dockerfile or "",
        inline=build.dockerfile_inline or "",
        args=build.args,
        target=build.target or "",
        labels=build.labels,
        cache_from=build.cache_from,
        cache_to=build.cache_to,
        contexts={name: _context(place) for name, place in build.additional_contexts.items()},
        linked={
            name: Linked(other.build.context or ".", build_options(other, secrets, own, change))
            for name, other in spec.linked.items()
        },
        entitlements=build.entitlements,
        extra_hosts=build.extra_hosts,
        isolation=build.isolation or "",
        network=build.network or "",
        platform=platform_of(spec, own),
        privileged=build.privileged,
        provenance=build.provenance or "",
        sbom=build.sbom or "",
        no_cache=build.no_cache,
        no_cache_filter=build.no_cache_filter,
        pull=build.pull,
        secrets=(secrets or {}).get(spec.service, ()),
        ssh=build.ssh,
        ulimits={name: _limit(one) for name, one in build.ulimits.items()},
        shm_size=int(build.shm_size or 0),
    )
    return change(options)


def _context(place: str) -> str:
    return f"target:{_target(place.removeprefix(_SERVICE))}" if place.startswith(_SERVICE) else place


def _limit(ulimit: Ulimit) -> str:
    """As `docker build --ulimit` takes it."""
    if ulimit.single is not None:
        return str(ulimit.single)
    soft, hard = (ulimit.soft, ulimit.hard) if ulimit.soft is not None else (ulimit.hard, ulimit.hard)
    return f"{soft}:{soft if hard is None else hard}"
