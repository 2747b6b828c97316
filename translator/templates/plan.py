"""All templates of a project: known values are filled in at once, the other templates are kept by their path.

First pass of a translation, before anything is named: later passes see a project without such templates, and look up
here what a pod has to fill in. It covers the places where a swarm fills in templates (variables, the hostname, mounts
and their volumes), and labels, where a swarm does not, but people expect it.
"""

from collections.abc import Mapping
from dataclasses import field, replace

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.container import Container
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.resources import Volume
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.notes import Notes, Path
from stackferry.translator.templates.template import OF_SWARM, Field, Template

CODE = "kubernetes-template"
MOST_SLOTS = 100
"""The most tasks of one service that get a name each; tasks of larger services get none."""
LEFT = "a swarm template, which Kubernetes does not expand: the text is used as it is"
HINT = "write the value out, or set it in the manifests: fieldRef gives a pod's name and node"
_NAME_IN_URL = regex(r"://[^/]*\.Service\.Name\b")
_NO_HOSTNAME = "a swarm template that cannot be expanded for pods: each pod keeps its own host name"
_SHARED = f"{LEFT}; all replicas share one volume"
_SHARED_HINT = "give each replica its own claim: use a StatefulSet with volumeClaimTemplates"


@dataclass(frozen=True, slots=True)
class Templates:
    """What pods have to fill in, by the path of the key. `slotted` are the services whose tasks know their slot."""

    by_path: Mapping[Path, Template] = field(default_factory=dict)
    slotted: frozenset[str] = frozenset()

    def of(self, *path: str | int) -> Template | None:
        """The template at a path, None if there is none."""
        return self.by_path.get(path)

    def hosts_of_slots(self, project: Project) -> dict[str, tuple[str, ...]]:
        """The host names of tasks, in the order of slots, for services whose host name contains the slot."""
        found = {}
        for path, template in self.by_path.items():
            if path[::2] != ("services", "hostname") or template.fields != {Field.SLOT}:
                continue
            service = project.services[str(path[1])]
            if template.of_slot(1).isdecimal():
                # A name that is only a number is no valid host elsewhere.
                continue
            if service.deploy is None or service.deploy.mode in (None, "replicated"):
                found[service.name] = tuple(map(template.of_slot, range(1, min(service.replicas, MOST_SLOTS) + 1)))
        return found


def plan_templates(project: Project, notes: Notes) -> tuple[Project, Templates]:
    """The project with all known values filled in, and the remaining templates."""
    plan = _Plan(project, notes)
    services = {name: plan.service(service) for name, service in project.services.items()}
    volumes = {name: plan.volume(name) for name in project.volumes}
    if not plan.touched:
        return project, Templates()
    return replace(project, services=services, volumes=volumes), Templates(plan.found, frozenset(plan.slotted))


class _Plan:
    """The pass itself, with its results so far."""

    def __init__(self, project: Project, notes: Notes) -> None:
        self.project = project
        self.notes = notes
        self.found: dict[Path, Template] = {}
        self.slotted: set[str] = set()
        self.touched = False
        self.users: dict[str, list[Service]] = {}
        for service in project.services.values():
            for key in {mount.source for mount in service.volumes if mount.type == "volume" and mount.source}:
                self.users.setdefault(key, []).append(service)

    def service(self, service: Service) -> Service:
        """The service with known values filled in."""
        path: Path = ("services", service.name)
        self._labels(service)
        environment = self._environment(service, path, service)
        hostname = self._hostname(service.hostname, (*path, "hostname"), service) if service.hostname else None
        mounts = tuple(
            self._mount(mount, (*path, "volumes", index), service) for index, mount in enumerate(service.volumes)
        )
        before = tuple(
            replace(one, environment=self._environment(one, (*path, "pre_start", index), service))
            for index, one in enumerate(service.pre_start)
        )
        if not self.touched:
            return service
        return replace(service, environment=environment, hostname=hostname, volumes=mounts, pre_start=before)

    def _environment(self, container: Container, path: Path, service: Service) -> dict[str, str | None]:
        """The variables of a container of the service; the container is at `path`."""
        return {
            name: self.text(value, (*path, "environment", name), service) if value else value
            for name, value in container.environment.items()
        }

    def volume(self, key: str) -> Volume:
        """A top-level volume: a swarm makes a volume for each name that it fills in."""
        volume = self.project.volumes[key]
        users = self.users.get(key, [])
        for section, values in (("driver_opts", volume.driver_opts), ("labels", volume.labels)):
            for option, text in values.items():
                if users and _is_template(text, users[0], self.project.name):
                    self.notes.action(("volumes", key, section, option), CODE, LEFT, HINT)
        path: Path = ("volumes", key, "name")
        if not volume.name or not users or not _is_template(volume.name, users[0], self.project.name):
            return volume
        self.touched = True
        template = _read(volume.name, users[0], self.project.name)
        if template is not None and template.text is not None and len(users) == 1:
            return replace(volume, name=template.text)
        if template is not None and template.fields == {Field.SLOT}:
            self.found[path] = template
            self.slotted.update(service.name for service in users)
        else:
            self.notes.action(path, CODE, _SHARED, _SHARED_HINT)
        return volume

    def _hostname(self, text: str, path: Path, service: Service) -> str | None:
        """The host name filled in; None if each task has another one: then a pod has its own."""
        filled = self.text(text, path, service, _NO_HOSTNAME)
        return None if filled == text and _is_template(text, service, self.project.name) else filled

    def text(self, text: str, path: Path, service: Service, otherwise: str = LEFT) -> str:
        """The text filled in; unchanged if a pod has to do that, or nothing can."""
        if not _is_template(text, service, self.project.name):
            return text
        self.touched = True
        template = _read(text, service, self.project.name)
        if template is None or Field.ARCHITECTURE in template.fields:
            self.notes.action(path, CODE, otherwise, HINT)
            return text
        if template.by_id:
            message = "services have no such ID on Kubernetes; the name is used instead"
            self.notes.approximated(path, CODE, message)
        elif template.text is None and _NAME_IN_URL.search(text):
            message = (
                f"in a swarm, the service is {self.project.name}_{service.name}; on Kubernetes that"
                " name does not resolve"
            )
            self.notes.approximated(path, CODE, message, f"write {service.name} where the host is meant")
        if template.text is not None:
            return template.text
        self.found[path] = template
        if Field.SLOT in template.fields:
            self.slotted.add(service.name)
        return text

    def _mount(self, mount: Mount, path: Path, service: Service) -> Mount:
        source, target = mount.source, mount.target
        for label, value in (mount.volume.labels if mount.volume else {}).items():
            if _is_template(value, service, self.project.name):
                self.notes.action((*path, "volume", "labels", label), CODE, LEFT, HINT)
        found: dict[str, str] = {}
        for key, text in (("source", source or ""), ("target", target)):
            if not _is_template(text, service, self.project.name):
                continue
            self.touched = True
            template = _read(text, service, self.project.name)
            if template is not None and template.text is not None:
                found[key] = template.text
            elif key == "source" and template is not None and template.fields == {Field.SLOT}:
                self.found[*path, key] = template
                self.slotted.add(service.name)
            else:
                self.notes.action((*path, key), CODE, LEFT, HINT)
        return (
            replace(mount, source=found.get("source", source), target=found.get("target", target)) if found else mount
        )

    def _labels(self, service: Service) -> None:
        """A swarm leaves labels alone: braces in them mostly belong to other programs."""
        of_deploy = service.deploy.labels if service.deploy else {}
        for section, labels in ((("labels",), service.labels), (("deploy", "labels"), of_deploy)):
            for label, value in labels.items():
                if "{{" in value and OF_SWARM.search(value):
                    self.notes.action(("services", service.name, *section, label), CODE, LEFT, HINT)


def _is_template(text: str, service: Service, project: str) -> bool:
    """Whether a swarm would change the text."""
    if "{{" not in text:
        return False
    # Few stacks have braces, and loading the reader takes as long as reading a file.
    from stackferry.translator.templates.read import is_template

    return is_template(text, service, project)


def _read(text: str, service: Service, project: str) -> Template | None:
    from stackferry.grammar.gotemplate import TemplateError
    from stackferry.translator.templates.read import read

    try:
        return read(text, service, project)
    except TemplateError:
        return None
