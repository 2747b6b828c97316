"""Sorts the environment variables of one service by the way that each takes into the container.

The loader has merged env files and `environment` in compose's order of precedence, so every variable is there once,
with the value that won; where that value was written decides between `env` and `envFrom`. In Kubernetes `env` overrides
`envFrom`, and no variable takes two ways. `variables.py` makes the objects.
"""

import posixpath
from collections.abc import Container, Mapping
from enum import Enum

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.regex import regex
from stackferry.translator.environment.secret_names import is_secret
from stackferry.translator.manifest.escape import is_refused, utf8
from stackferry.translator.manifest.names import VARIABLE
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.configmap import CONFIGMAP_LIMIT, is_text

_NAME = regex(r"[!-<>-~]([ -<>-~]*[!-<>-~])?")


LARGEST_VARIABLE = 128 * 1024
"""The kernel's limit for one variable in bytes, including name, equals sign and terminating zero."""


class Way(Enum):
    """How a variable gets into the container: alone or with the others of its file, in plain text or in a Secret."""

    ENV = "env"
    ENV_SECRET = "env, from a Secret"  # noqa: S105
    FILE = "envFrom a ConfigMap"
    FILE_SECRET = "envFrom a Secret"  # noqa: S105


_WAYS = {
    (False, False): Way.ENV,
    (False, True): Way.ENV_SECRET,
    (True, False): Way.FILE,
    (True, True): Way.FILE_SECRET,
}
"""By (in an env file, secret)."""
_SAID = {
    Way.ENV_SECRET: ("kubernetes-secret-variable", "looks secret, so it is put into a Secret"),
    Way.FILE: ("kubernetes-file-variable", "from an env file, so it is put into a ConfigMap"),
    Way.FILE_SECRET: ("kubernetes-secret-variable", "from an env file and looks secret, so it is put into a Secret"),
}
_HIDDEN = (
    "kubernetes-control-character",
    "contains control characters, which a manifest cannot contain: it is put into a Secret",
)
_ONE_BY_ONE = {Way.FILE: Way.ENV, Way.FILE_SECRET: Way.ENV_SECRET}


def environment(service: Service, stack: Stack, notes: Notes, by_pod: Container[str] = ()) -> Mapping[str, Way]:
    """The way of every variable that the container gets, in compose's order. `by_pod` are those that a pod fills in."""
    path = ("services", service.name, "environment")
    ways: dict[str, Way] = {}
    from_files = _of_env_files(service, stack)
    for name, value in service.environment.items():
        if value is None:
            message = "has no value here; omitted, as docker compose does"
            notes.approximated((*path, name), "kubernetes-unset-variable", message)
        elif not _NAME.fullmatch(name):
            message = "not a valid variable name on Kubernetes; omitted"
            notes.action((*path, name), "kubernetes-variable-name", message, "rename it")
        elif name in by_pod:
            ways[name] = Way.ENV
            if is_secret(name, value):
                message = (
                    "looks secret, but is in the manifest as plain text: values expanded for each pod"
                    " cannot come from a Secret"
                )
                notes.approximated((*path, name), "kubernetes-secret-variable", message)
        else:
            ways[name] = _way(name, value, with_file=name in from_files)
            if len(utf8(name)) + len(utf8(value)) + 2 > LARGEST_VARIABLE:
                message = "larger than the kernel's limit of 128 KiB for a variable; no program can start with it"
                notes.action((*path, name), "kubernetes-variable-size", message, "mount it as a file, using configs")
    for way, other in _ONE_BY_ONE.items():
        names = [name for name, taken in ways.items() if taken is way]
        if sum(len(utf8(service.environment[name] or "")) for name in names) > CONFIGMAP_LIMIT:
            ways.update(dict.fromkeys(names, other))
    for name, way in ways.items():
        if way in _SAID:
            said = _HIDDEN if is_refused(service.environment[name] or "") else _SAID[way]
            notes.fine((*path, name), *said)
    return ways


def _way(name: str, value: str, *, with_file: bool) -> Way:
    """How a variable gets into the container; `with_file`: an env file defines it."""
    if is_refused(value):
        return Way.ENV_SECRET
    # A ConfigMap keeps binary values in `binaryData`, which envFrom does not read.
    with_others = with_file and VARIABLE.fullmatch(name) is not None and is_text(utf8(value))
    return _WAYS[with_others, is_secret(name, value)]


def _of_env_files(service: Service, stack: Stack) -> frozenset[str]:
    """The variables whose winning value comes from one of the service's env files."""
    files = {posixpath.normpath(stack.host.full(one.path)) for one in service.env_file}
    if not files:
        return frozenset()
    spans = {
        name: stack.options.origin(("services", service.name, "environment", name)) for name in service.environment
    }
    # A place names its file as people see it, relative to their working directory.
    return frozenset(
        name for name, span in spans.items() if span and posixpath.normpath(stack.host.full(span.source)) in files
    )
