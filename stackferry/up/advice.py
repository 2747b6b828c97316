"""What to do about a service that does not run: the engine's words to ours. Pure; the last words of `up`."""

import re

NO_IMAGE = "No such image"
"""All that a task keeps of it, as in a swarm: `pulling.why_missing` knows more."""

PULL_HINT = "check the name; a private registry wants `docker login` first"

_ADVICE = (
    (NO_IMAGE, PULL_HINT),
    (
        r"port '\d+' is already in use|address already in use|port is already allocated",
        "`docker ps` and `ss -ltnp` show who has the port: end that, or publish another",
    ),
    (r"bind source path does not exist: (\S+)", "make {0}, or say bind: {{create_host_path: true}}"),
    (r"network \S+ is there already", "say `external: true` to use it; else remove it, or take another `name:`"),
    (r"no secret may lie there", "remove it, or set XDG_RUNTIME_DIR to a folder that is yours, and `up` again"),
    (r"executable file not found", "is the program of `command` or `entrypoint` in the image?"),
    (r"non-zero exit|unhealthy|update paused", "`stackferry -p {stack} logs {service}` shows what it wrote"),
)


def advice(reason: str, stack: str, service: str) -> str:
    """A hint for a reason; empty if we have none. `service` is its full name."""
    for pattern, text in _ADVICE:
        found = re.search(pattern, reason)
        if found:
            return text.format(*found.groups(), stack=stack, service=service.removeprefix(f"{stack}_"))
    return ""
