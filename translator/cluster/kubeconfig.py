"""Reads a kubeconfig without the library that logs in: the contexts, and how to reach the cluster of each.

With several files in KUBECONFIG, the first one that defines a context, cluster or user counts, as for kubectl.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

import yaml

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.errors import ClusterError

_HINT = "specify one with --kubeconfig or the variable KUBECONFIG"
_FILES = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
"""Keys that name a file, relative to the folder of the kubeconfig."""


@dataclass(frozen=True, slots=True)
class Access:
    """One context: its namespace, and its cluster and user as in the file, with absolute paths."""

    context: str
    namespace: str
    cluster: Mapping[str, Any] = field(default_factory=dict)
    user: Mapping[str, Any] = field(default_factory=dict)


def contexts(kubeconfig: str | None) -> Mapping[str, str]:
    """The contexts, each with its namespace. Raises ClusterError if a file cannot be read."""
    return {name: one.namespace for name, one in accesses(kubeconfig).items()}


def accesses(kubeconfig: str | None) -> Mapping[str, Access]:
    """Every context by its name. Raises ClusterError if a file cannot be read."""
    files = [kubeconfig] if kubeconfig else _files(os.environ.get("KUBECONFIG", ""))
    known = [path for path in files if Path(path).is_file()]
    if not known:
        raise ClusterError(f"no kubeconfig found: {', '.join(files)}", _HINT)
    found: dict[str, dict[str, Mapping[str, Any]]] = {"context": {}, "cluster": {}, "user": {}}
    for path in known:
        for section, name, body in _of_file(path):
            found[section].setdefault(name, body)
    return {
        name: Access(
            name,
            str(body.get("namespace") or "default"),
            found["cluster"].get(str(body.get("cluster")), {}),
            found["user"].get(str(body.get("user")), {}),
        )
        for name, body in found["context"].items()
    }


def _files(variable: str) -> list[str]:
    named = [path for path in variable.split(os.pathsep) if path]
    return named or [str(Path("~/.kube/config").expanduser())]


def _of_file(path: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every entry of a file: its section, its name, and its content."""
    try:
        config: Any = yaml.load(Path(path).read_text("utf-8"), Loader=yaml.CSafeLoader)
        for context in config["contexts"] or ():
            yield "context", str(context["name"]), {**(context.get("context") or {})}
        for section in ("cluster", "user"):
            for named in config.get(f"{section}s") or ():
                yield section, str(named["name"]), _absolute(named.get(section) or {}, Path(path).parent)
    except (OSError, ValueError, yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0] or "it contains no contexts"
        raise ClusterError(f"the kubeconfig {path} cannot be read: {reason}", _HINT) from error


def _absolute(body: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    files = {key: str((folder / str(body[key])).absolute()) for key in _FILES if body.get(key)}
    return {**body, **files}
