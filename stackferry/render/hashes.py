"""The hashes of services' configurations, a line for each: `config --hash`."""

from stackferry.grammar.compose.load import Loaded
from stackferry.grammar.compose.output.service_hash import fingerprint
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.suggest import did_you_mean


def hashes(loaded: Loaded, chosen: str) -> str:
    """Of the services that `chosen` names (commas between them, `*` is all), sorted by name."""
    services = loaded.canonical_json()["services"]
    platform = loaded.environment.get("DOCKER_DEFAULT_PLATFORM", "")
    lines = []
    for name in sorted(services if chosen in ("", "*") else chosen.split(",")):
        if name in loaded.disabled:
            raise StackferryError(f"service {name!r} is not enabled", "activate one of its profiles with --profile")
        if name not in services:
            raise StackferryError(f"no such service: {name}", did_you_mean(name, services))
        lines.append(f"{name} {fingerprint(services[name], platform)}\n")
    return "".join(lines)
