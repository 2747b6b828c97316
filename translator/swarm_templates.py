"""Notes about swarm's templates (`{{.Task.Slot}}`): a swarm fills them in for each task, Kubernetes fills in nothing.

The text goes into the manifests as it is written, so whoever relies on it has to act. Looked at are the places where a
swarm fills in (variables, the hostname, mounts and their volumes), and labels, where people expect it.
"""

import re
from collections.abc import Iterator, Mapping

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.translator.notes import Kind, Note, Path

_FIELD = re.compile(r"\{\{[^}]*\.(Service|Task|Node)\b")
_MESSAGE = "a template of swarm's, and Kubernetes fills in none: the text goes there as it is"
_HINT = "write the value out, or set it in the manifests: fields of the pod (fieldRef) say its name and its node"
_SHARED = f"{_MESSAGE}; all replicas share one volume"
_SHARED_HINT = "give each replica a claim of its own: a StatefulSet with volumeClaimTemplates"


def template_notes(project: Project) -> Iterator[Note]:
    """A note for each value of the stack that a swarm would fill in."""
    for service in project.services.values():
        for path, text in _texts(service):
            if _is_template(text, service):
                yield _note(("services", service.name, *path), _MESSAGE, _HINT)
    users = {
        mount.source: service
        for service in project.services.values()
        for mount in service.volumes
        if mount.type == "volume" and mount.source is not None
    }
    for name, volume in project.volumes.items():
        user = users.get(name)
        if user is None:
            continue
        if _is_template(volume.name or "", user):
            yield _note(("volumes", name, "name"), _SHARED, _SHARED_HINT)
        for key, values in (("driver_opts", volume.driver_opts), ("labels", volume.labels)):
            for option, text in values.items():
                if _is_template(text, user):
                    yield _note(("volumes", name, key, option), _MESSAGE, _HINT)


def _note(path: Path, message: str, hint: str) -> Note:
    return Note(path, Kind.NEEDS_ACTION, "kubernetes-template", message, hint)


def _texts(service: Service) -> Iterator[tuple[Path, str]]:
    """The values of a service that a swarm fills in, or is expected to."""
    yield ("hostname",), service.hostname or ""
    for name, value in service.environment.items():
        yield ("environment", name), value or ""
    for index, mount in enumerate(service.volumes):
        yield ("volumes", index, "source"), mount.source or ""
        yield ("volumes", index, "target"), mount.target
        for label, value in (mount.volume.labels if mount.volume else {}).items():
            yield ("volumes", index, "volume", "labels", label), value
    labels: tuple[tuple[Path, Mapping[str, str]], ...] = (
        (("labels",), service.labels),
        (("deploy", "labels"), service.deploy.labels if service.deploy else {}),
    )
    for path, held in labels:
        for label, value in held.items():
            # A swarm leaves labels alone: braces in them are mostly of others.
            yield (*path, label), value if _FIELD.search(value) else ""


def _is_template(text: str, service: Service) -> bool:
    """Whether a swarm would make other text of it; what it cannot fill in is meant for the program."""
    if "{{" not in text:
        return False
    if _FIELD.search(text):
        return True
    # Few stacks have other braces, and what reads them is as much as all that reads a file.
    from stackferry.grammar.gotemplate import TemplateError
    from stackferry.grammar.swarm_template import expand, sample

    try:
        return expand(text, sample(service.deploy.labels if service.deploy else {})) != text
    except TemplateError:
        return False
