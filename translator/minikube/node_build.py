"""`minikube image build`: its arguments for a build of the compose file, and the builds that it cannot do. Pure.

It passes its options on to the builder on the node, which is `buildctl` with containerd and docker's or podman's
`build` with the other runtimes: their flags differ. It gets a tar by its path, not a folder: minikube would leave a tar
of the folder behind, and the name of the tar becomes that of the folder on the node (`leftovers`).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stackferry.grammar.compose.model.attachments import Ulimit
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.environment.secret_names import is_secret

_FOLDER = "/var/lib/minikube/build"
"""Where minikube unpacks tars on the node."""
_BUILDCTL = "containerd"

_HOST = "build it on a Docker Engine instead: start one, or set DOCKER_HOST"


class Refusal(NamedTuple):
    """A key below `build` that a build on the node cannot apply: `path` below it, and why."""

    path: tuple[str, ...]
    message: str
    hint: str = _HOST


def refusals(build: Build) -> Iterator[Refusal]:
    """Everything that a build on the node would ignore."""
    if build.context and ("://" in build.context or build.context.startswith(("github.com/", "git@"))):
        yield Refusal(("context",), "the node can only build folders of this machine", f"clone it, or {_HOST}")
    for key in ("secrets", "ssh", "additional_contexts", "entitlements", "privileged"):
        if getattr(build, key):
            yield Refusal((key,), "not supported for builds on the node: minikube image build does not pass it on")
    for key in ("provenance", "sbom"):
        if getattr(build, key) not in (None, "", "false"):
            yield Refusal((key,), "builds on the node do not support attestations")
    for name, value in build.args.items():
        if value is not None and is_secret(name, value):
            message = "it looks secret, and everybody on this machine could see it on minikube's command line"
            yield Refusal(("args", name), message, f"make it a build secret, and {_HOST}")


@dataclass(frozen=True, slots=True)
class NodeBuild:
    """An image to build on the node: its `name`, the Dockerfile's name in the tar, and the build's keys."""

    name: str
    dockerfile: str
    build: Build
    platform: str = ""

    @property
    def folder(self) -> str:
        """The name of the tar without `.tar`: the same for all versions of an image."""
        return "stackferry-" + self.name.rpartition(":")[0]

    def words(self, tar: str, runtime: str, profile: str) -> list[str]:
        """The command line, for a runtime in minikube's spelling."""
        ways = _for_buildctl if runtime == _BUILDCTL else _for_docker
        options = (f"--build-opt={one}" for one in ways(self))
        # With containerd `-f` would overwrite another file of the context with the Dockerfile.
        file = [] if runtime == _BUILDCTL else ["-f", self.dockerfile]
        return ["minikube", "image", "build", "-p", profile, "-t", self.name, *file, *options, tar]

    def leftovers(self, profile: str) -> list[str]:
        """The command line that removes the files that a failed build of this image has left on the node."""
        place = f"{_FOLDER}/{self.folder}"
        return ["minikube", "ssh", "-p", profile, "--", "sudo", "rm", "-rf", place, f"{place}.tar"]

    def meant(self) -> Iterator[str]:
        """What besides the files changes the image, for its digest."""
        build = self.build
        yield self.platform
        for key in ("target", "network", "shm_size"):
            yield f"{key}={getattr(build, key)}"
        for key in ("args", "labels", "extra_hosts", "ulimits"):
            yield from (f"{key}.{name}={value}" for name, value in sorted(getattr(build, key).items()))


def _for_buildctl(request: NodeBuild) -> Iterator[str]:
    build = request.build
    yield f"opt=filename={request.dockerfile}"
    # As in docker: images that the node has are not looked up in a registry.
    yield f"opt=image-resolve-mode={'pull' if build.pull else 'local'}"
    if build.target:
        yield f"opt=target={build.target}"
    yield from (f"opt=build-arg:{name}={value}" for name, value in _arguments(build))
    yield from (f"opt=label:{name}={value}" for name, value in build.labels.items())
    if hosts := [f"{host}={address}" for host, each in build.extra_hosts.items() for address in each]:
        yield f"opt=add-hosts={','.join(hosts)}"
    if build.network in ("host", "none"):
        yield f"opt=force-network-mode={build.network}"
    if build.network == "host":
        yield "allow=network.host"
    if build.shm_size:
        yield f"opt=shm-size={int(build.shm_size)}"
    if build.ulimits:
        yield f"opt=ulimit={','.join(_limits(build.ulimits))}"
    if request.platform:
        yield f"opt=platform={request.platform}"
    if build.no_cache:
        yield "no-cache"


def _for_docker(request: NodeBuild) -> Iterator[str]:
    build = request.build
    yield from (f"build-arg={name}={value}" for name, value in _arguments(build))
    yield from (f"label={name}={value}" for name, value in build.labels.items())
    yield from (f"add-host={host}:{address}" for host, each in build.extra_hosts.items() for address in each)
    yield from (f"ulimit={limit}" for limit in _limits(build.ulimits))
    for flag, value in (
        ("target", build.target),
        ("network", build.network),
        ("shm-size", build.shm_size and int(build.shm_size)),
        ("platform", request.platform),
    ):
        if value:
            yield f"{flag}={value}"
    yield from (flag for flag, is_set in (("pull", build.pull), ("no-cache", build.no_cache)) if is_set)


def _arguments(build: Build) -> Iterator[tuple[str, str]]:
    for name, value in build.args.items():
        if value is not None:
            yield name, value


def _limits(limits: Mapping[str, Ulimit]) -> list[str]:
    return [f"{name}={_limit(one)}" for name, one in limits.items()]


def _limit(ulimit: Ulimit) -> str:
    if ulimit.single is not None:
        return str(ulimit.single)
    soft, hard = (ulimit.soft, ulimit.hard) if ulimit.soft is not None else (ulimit.hard, ulimit.hard)
    return f"{soft}:{soft if hard is None else hard}"
