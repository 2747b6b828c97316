"""What is said about single uses of keys that the table of fates cannot know, where no other file does.

Part of `desired.py`. One table: a key of a service to what makes it worth a note.
"""

from collections.abc import Callable, Iterator, Mapping

from emulator.findings import Findings
from grammar.compose.model import Project, Service
from grammar.notes import Kind, Note

Remark = Callable[[Service], Iterator[Note]]


def remark(project: Project, findings: Findings) -> None:
    """Note what is peculiar about the services of a project."""
    for service in project.services.values():
        for key, (kind, code, message, hint) in _UNSUPPORTED.items():
            if getattr(service, key):
                findings.notes.found.append(Note(("services", service.name, key), kind, code, message, hint))
        for name, one in service.depends_on.items():
            # Loading writes restart for the services of links and network_mode: that is not the user's wish.
            path = ("services", service.name, "depends_on", name, "restart")
            if one.restart and findings.origin(path) is not None:
                findings.notes.later(path, "depends-on-restart", "a restart of the dependency restarts nobody")


_UNSUPPORTED: Mapping[str, tuple[Kind, str, str, str]] = {
    "provider": (Kind.NOT_YET, "provider", "no provider is asked; the service is left out", ""),
    "post_start": (Kind.NOT_YET, "hook", "the hook is not run", "let the image's entrypoint do it"),
    "pre_stop": (Kind.NOT_YET, "hook", "the hook is not run", "let the program do it on the stop signal"),
    "models": (Kind.NOT_YET, "models", "no model runner is asked; its variables are not set", ""),
    "pull_refresh_after": (
        Kind.NOT_YET,
        "pull-interval",
        "images are not pulled by their age",
        "docker pull gets the newest",
    ),
    "use_api_socket": (
        Kind.APPROXIMATED,
        "api-socket",
        "the socket is mounted, without the credentials of your registries",
        "",
    ),
}
