"""The contexts of a kubeconfig, read without the library that logs in: which there are is asked before one is used."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from stackferry.translator.cluster.errors import ClusterError

_HINT = "--kubeconfig names one; so does the variable KUBECONFIG"


def contexts(kubeconfig: str | None) -> Mapping[str, str]:
    """The contexts, each with its namespace. Raises ClusterError where no file can be read.

    Of several files in KUBECONFIG the first one that has a context counts, as for kubectl.
    """
    files = [kubeconfig] if kubeconfig else _files(os.environ.get("KUBECONFIG", ""))
    found: dict[str, str] = {}
    known = [path for path in files if Path(path).is_file()]
    if not known:
        raise ClusterError(f"there is no kubeconfig: {', '.join(files)}", _HINT)
    for path in known:
        for name, namespace in _of_file(path):
            found.setdefault(name, namespace)
    return found


def _files(variable: str) -> list[str]:
    named = [path for path in variable.split(os.pathsep) if path]
    return named or [str(Path("~/.kube/config").expanduser())]


def _of_file(path: str) -> Iterator[tuple[str, str]]:
    try:
        config: Any = yaml.load(Path(path).read_text("utf-8"), Loader=yaml.CSafeLoader)
        for one in config["contexts"] or ():
            yield str(one["name"]), str((one.get("context") or {}).get("namespace") or "default")
    except (OSError, ValueError, yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0] or "it has no contexts"
        raise ClusterError(f"the kubeconfig {path} cannot be read: {reason}", _HINT) from error
