"""Notes about labels and variables for programs that watch Docker: a proxy's routes, schedules.

They are carried over as annotations and variables, but on Kubernetes no program reads them, so the route or the
schedule is lost until somebody sets it up again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.regex import regex
from stackferry.translator.notes import Kind, Note, Path

_ROUTE = "creates a route from it on Docker; on Kubernetes nothing reads it"
_ROUTE_HINT = "write an Ingress (or a route for your controller) for the Service"
_SWITCH_HINT = (
    f"convert with --publish ingress or gateway, which creates routes for hosts and paths; otherwise {_ROUTE_HINT}"
)
_TASK = "acts on it on Docker; on Kubernetes nothing reads it"

_LABELS: Mapping[str, tuple[str, str, str]] = {
    # a label, or a prefix of labels, as a pattern: who reads it, what becomes of it, what to do
    r"traefik([./].*)?": ("Traefik", _ROUTE, _SWITCH_HINT),
    r"kompose\..*": ("Kompose", "creates objects from it; stackferry does not read it", _ROUTE_HINT),
    r"caddy(_\d+)?(\..*)?": ("caddy-docker-proxy", _ROUTE, _SWITCH_HINT),
    r"com\.df\..*": ("Docker Flow Proxy", _ROUTE, _ROUTE_HINT),
    r"com\.docker\.(lb|ucp)\..*": ("Docker's own proxy", _ROUTE, _ROUTE_HINT),
    r"easyhaproxy\..*": ("EasyHAProxy", _ROUTE, _ROUTE_HINT),
    r"haproxy\..*": ("HAProxy", _ROUTE, _ROUTE_HINT),
    r"nginx[.-]proxy.*|com\.github\.(jrcs|nginx-proxy)\..*": ("nginx-proxy", _ROUTE, _ROUTE_HINT),
    r"swag(_.*)?": ("SWAG", _ROUTE, _ROUTE_HINT),
    r"(cloudflare\.tunnel|dockflare|cloudflared)\..*": ("a Cloudflare tunnel", _ROUTE, _ROUTE_HINT),
    r"(tsdproxy|docktail)\..*": ("a Tailscale proxy", _ROUTE, _ROUTE_HINT),
    r"(coolify|dokploy|caprover|dokku)\..*": ("a hosting panel", _ROUTE, _ROUTE_HINT),
    r"swarmpit\..*": ("Swarmpit", _TASK, "it has no equivalent"),
    r"sablier\..*": ("Sablier", _TASK, "use an autoscaler in the cluster that scales to zero"),
    r"(ofelia|chadburn|deck-chores)\..*": ("a scheduler", _TASK, "write a CronJob"),
    r"swarm\.cronjob\..*": ("swarm-cronjob", _TASK, "write a CronJob"),
    r"com\.centurylinklabs\.watchtower.*|(shepherd|gantry|ouroboros|diun|wud)\..*": (
        *("an updater of images", _TASK),
        "update the images in your deployment pipeline",
    ),
    r"autoheal(\..*)?|deunhealth\..*": (
        "a restarter",
        _TASK,
        "add a livenessProbe to the container: a healthcheck does not restart it",
    ),
    r"docker-volume-backup\..*": ("a backup of volumes", _TASK, "back up the claims with a tool for the cluster"),
}
_PATTERN = regex("|".join(f"(?P<_{number}>{pattern})" for number, pattern in enumerate(_LABELS)))
_READERS = tuple(_LABELS.values())

_VARIABLES = regex(r"VIRTUAL_(HOST|HOST_MULTIPORTS|PORT|PATH|PROTO|DEST)|LETSENCRYPT_(HOST|EMAIL)|CERT_NAME")
"""Variables of containers that nginx-proxy and its companion read."""
_FALSE = ("false", "0", "no", "off")


def watcher_notes(project: Project, *, with_routes: bool = False) -> Iterator[Note]:
    """A note for each label and variable meant for such a program. `with_routes`: labels already became routes."""
    for note in _notes(project):
        yield replace(note, hint=_ROUTE_HINT) if with_routes and note.hint == _SWITCH_HINT else note


def _notes(project: Project) -> Iterator[Note]:
    for service in project.services.values():
        top: Path = ("services", service.name)
        deploy = service.deploy.labels if service.deploy else {}
        for path, labels in (((*top, "labels"), service.labels), ((*top, "deploy", "labels"), deploy)):
            for label, value in labels.items():
                found = _reader(label, value)
                if found is not None:
                    reader, becomes, hint = found
                    yield _note((*path, label), f"{reader} {becomes}", hint)
        if "VIRTUAL_HOST" in service.environment or "LETSENCRYPT_HOST" in service.environment:
            for name in service.environment:
                if _VARIABLES.fullmatch(name):
                    yield _note((*top, "environment", name), f"nginx-proxy {_ROUTE}", _SWITCH_HINT)


def _note(path: Path, message: str, hint: str) -> Note:
    return Note(path, Kind.NEEDS_ACTION, "kubernetes-docker-label", message, hint)


def _reader(label: str, value: str) -> tuple[str, str, str] | None:
    """The program that reads a label, what becomes of it, what to do; None if none reads it, or it only disables."""
    if label.endswith((".enable", ".enabled")) and value.lower() in _FALSE:
        return None
    found = _PATTERN.fullmatch(label.lower())
    return _READERS[int((found.lastgroup or "_0")[1:])] if found is not None else None
