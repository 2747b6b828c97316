"""The stack for minikube's node: translated, with ports checked and images tagged by their content."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from stackferry.attention import findings, refuse_unfit
from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.images.built import Built, without_builds
from stackferry.kube.translated import Translated, namespace_of
from stackferry.translator.minikube.images import whole, with_names
from stackferry.translator.minikube.node_ports import refusal
from stackferry.translator.minikube.pods import images, node_ports
from stackferry.translator.options import VERSIONS, NodeFolders

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine
    from stackferry.grammar.compose.load import Loaded
    from stackferry.grammar.compose.model.model import Project
    from stackferry.grammar.source import Span
    from stackferry.options.translation_options import TranslationChoice
    from stackferry.session import Session
    from stackferry.translator import Translation


@dataclass(frozen=True, slots=True)
class Node:
    """Facts about the existing or future node: its node ports, and the N of its Kubernetes 1.N."""

    ports: range
    kubernetes: int | None = None
    folders: NodeFolders = field(default_factory=NodeFolders)


def for_node(session: "Session", choice: "TranslationChoice", loaded: "Loaded", node: Node) -> Translated:
    """Translate and check. Raises StackferryError."""
    from stackferry.explanations import account
    from stackferry.translator import translate

    namespace = namespace_of(loaded.name, choice)
    options = replace(choice.options(loaded.origin), namespace=namespace, copies=True, node=node.folders)
    if choice.node_port_range is None:
        options = replace(options, node_ports=node.ports)
    if node.kubernetes is not None and node.kubernetes in VERSIONS and choice.kubernetes_version is None:
        options = replace(options, kubernetes=node.kubernetes)
    translation = translate(loaded.project, session.files, options)
    _refuse_taken(loaded, translation)
    refuse_unfit(session, translation, "nothing was applied")
    found = findings(loaded, translation, account(loaded, translation, places=False, every_row=False))
    session.report(without_builds(found, loaded.project))
    return Translated(loaded, translation, namespace)


def called(made: Translated, names: Mapping[str, str]) -> Translated:
    """The stack with other images in its pods; `names` maps full names of current images to new ones."""
    objects = with_names(made.translation.objects, names)
    return made._replace(translation=replace(made.translation, objects=objects, index={one.id: one for one in objects}))


def sizes(engine: "Engine", made: Translated) -> dict[str, int]:
    """Bytes of each of the stack's images on the engine, by the name in its pods."""
    known = {name: engine.image(name) for name in images(made.translation.objects)}
    return {name: info.size for name, info in known.items() if info}


def from_here(engine: "Engine", made: Translated, built: Iterable[Built]) -> dict[str, Built]:
    """The images to load from this host's engine, by the full names that pods use.

    These are the built images and all others that exist here, which `docker compose up` would also use as they are.
    """
    found = {whole(one.source): one for one in built}
    services = made.translation.project.services.values()
    always = {whole(str(one.image)) for one in services if str(one.pull_policy) == "always"}
    for name in images(made.translation.objects):
        key = whole(name)
        info = None if key in found or key in always or "@" in key else engine.image(name)
        if info:
            # An image without a registry digest was built here, and may be rebuilt under the same name.
            found[key] = Built("", name, name if info.digests else _by_content(key, info.id), info.id)
    return found


def asked_for(project: "Project", service: str) -> str:
    """The full name of a built service's image in its pods: its `image`, or `PROJECT-SERVICE:latest` without one."""
    return whole((project.services[service].image or "").strip() or f"{project.name}-{service}:latest".lower())


def _by_content(whole_name: str, identity: str) -> str:
    repository, _, tag = whole_name.removeprefix("docker.io/library/").removeprefix("docker.io/").rpartition(":")
    return f"{repository}:{tag}-{identity.removeprefix('sha256:')[:16]}"


def _refuse_taken(loaded: "Loaded", translation: "Translation") -> None:
    """Raise for ports that the node itself needs, each with its line."""
    wanted = list(node_ports(translation.objects))
    numbers = {one.number for one in wanted}
    keys = {name: key for key, name in translation.naming.services.items()}
    found = []
    for port in wanted:
        refused = refusal(port.number, port.protocol, numbers)
        if refused:
            span = _span(loaded, keys.get(port.service, port.service), port.number)
            found.append(Diagnostic("minikube-port", Severity.ERROR, refused.message, span, refused.hint))
    if found:
        raise SourceError(found)


def _span(loaded: "Loaded", service: str, number: int) -> "Span | None":
    ports = loaded.project.services[service].ports if service in loaded.project.services else ()
    index = next((at for at, one in enumerate(ports) if one.bounds[0] == number), None)
    path: tuple[str | int, ...] = ("services", service, "ports")
    return loaded.origin(path if index is None else (*path, index))
