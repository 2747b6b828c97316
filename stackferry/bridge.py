"""What the container image runs: the transformer of Compose Bridge, or, given arguments, the command line.

`docker compose bridge convert -t IMAGE` starts the image without arguments. It mounts the loaded stack as
/in/compose.yaml and expects manifests in /out (docker compose 5.6.0, pkg/bridge/convert.go). That file is docker
compose's model in YAML and not a compose file: `standalone` turns it into a compose file with the same meaning.
"""

import base64
import os
import sys
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from stackferry.cli import main as command_line
from stackferry.errors import WRONG_USAGE
from stackferry.grammar.diagnostics import Diagnostic, Severity
from stackferry.session import Session

if TYPE_CHECKING:
    import yaml

MODEL = "/in/compose.yaml"
MANIFESTS = "/out"

_USAGE = (
    "without arguments, this image is for `docker compose bridge convert -t IMAGE`; "
    'with them, it is the stackferry command: docker run --rm -v "$PWD:/in" IMAGE convert'
)
_MOUNTED = "a transformer cannot read bind mounts, so their content is not in the manifests: {}"
_MOUNTED_HINT = "run `stackferry convert` on the machine that has them"

# The keys that give a secret or a config its content. Next to `content`, the others say where it was read from.
_SOURCES = frozenset({"content", "file", "environment"})
# Docker compose has read these files, on a machine whose files are not in the container.
_READ = frozenset({"env_file", "label_file"})


class Standalone(NamedTuple):
    """A compose file, the files that it names by their relative paths, and its bind mounts on the user's machine."""

    text: str
    files: dict[str, bytes]
    mounted: tuple[str, ...] = ()


def standalone(model: str) -> Standalone:
    """The compose file with the same meaning as a model of docker compose.

    The model has its variables substituted, so each `$` is literal. It contains the content of configs and also of
    secrets, which a compose file cannot express: both become files. Raises `yaml.YAMLError`.
    """
    import yaml

    top = yaml.compose(model, Loader=yaml.SafeLoader)
    files: dict[str, bytes] = {}
    sections = _entries(top)
    mounted: list[str] = []
    for service in _entries(sections.get("services")).values():
        _drop(service, _READ)
        mounted += _bind_mounts(service)
    for section in ("configs", "secrets"):
        for number, entry in enumerate(_entries(sections.get(section)).values()):
            had = _entries(entry)
            # An external entry has none of these keys. An empty one has no `content`, only the key for its source.
            if _SOURCES & had.keys():
                path = f"{section}/{number}"
                files[path] = _content(had.get("content"))
                _drop(entry, _SOURCES)
                entry.value.append((_text("file"), _text(path)))
    _escape(top, set())
    text: str = yaml.serialize(top, Dumper=yaml.SafeDumper, allow_unicode=True, width=sys.maxsize)
    return Standalone(text, files, tuple(dict.fromkeys(mounted)))


def _entries(node: "yaml.Node | None") -> "dict[str, yaml.Node]":
    """The values of a mapping by their keys; empty for any other node."""
    import yaml

    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _bind_mounts(service: "yaml.Node") -> Iterator[str]:
    """The paths on the user's machine that a service mounts."""
    volumes = _entries(service).get("volumes")
    for volume in volumes.value if volumes is not None else ():
        keys = _entries(volume)
        if "source" in keys and "type" in keys and keys["type"].value == "bind":
            yield keys["source"].value


def _drop(node: "yaml.Node", keys: frozenset[str]) -> None:
    import yaml

    if isinstance(node, yaml.MappingNode):
        node.value = [(key, value) for key, value in node.value if key.value not in keys]


def _text(value: str) -> "yaml.Node":
    import yaml

    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


def _content(node: "yaml.Node | None") -> bytes:
    if node is None:
        return b""
    return base64.b64decode(node.value) if node.tag == "tag:yaml.org,2002:binary" else node.value.encode()


def _escape(node: "yaml.Node | None", seen: set[int]) -> None:
    """Double each `$` in values, once per node even if aliases repeat it. Keys stay: they are not interpolated."""
    import yaml

    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        node.value = node.value.replace("$", "$$")
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            _escape(value, seen)
    else:
        for value in node.value:
            _escape(value, seen)


def transform(model: str, manifests: str) -> int:
    """Convert the model in the file `model` into the folder `manifests` and return the exit code."""
    session = Session(environment=dict(os.environ))
    if not os.path.isfile(model):
        session.report([Diagnostic("", Severity.ERROR, f"{MODEL} is missing", None, _USAGE)])
        return WRONG_USAGE
    with open(model, encoding="utf-8") as stream:
        text = stream.read()
    with tempfile.TemporaryDirectory(prefix="stackferry-bridge-") as folder:
        compose, files, mounted = standalone(text)
        for path, content in {"compose.yaml": compose.encode(), **files}.items():
            place = os.path.join(folder, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as stream_out:
                stream_out.write(content)
        before = os.getcwd()
        # So that messages name `compose.yaml` without the temporary folder.
        os.chdir(folder)
        try:
            code = command_line(["-f", "compose.yaml", "convert", "-o", manifests])
        finally:
            os.chdir(before)
    if mounted and code == 0:
        told = _MOUNTED.format(", ".join(mounted))
        session.report([Diagnostic("bind-mounts", Severity.WARNING, told, None, _MOUNTED_HINT)])
    return code


def main() -> int:
    """Run the image's command: `python -m stackferry.bridge [ARGUMENTS]`."""
    return command_line() if sys.argv[1:] else transform(MODEL, MANIFESTS)


if __name__ == "__main__":
    sys.exit(main())
