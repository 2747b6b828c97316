"""Checks routes from outside: each goes from a listener of the stack's Gateway to a port of a Service of the stack."""

from collections.abc import Iterator

from stackferry.translator.checks.complaint import Complaints
from stackferry.translator.manifest.manifests import Body, Manifest


def check_routes(manifests: tuple[Manifest, ...]) -> Complaints:
    """Backends and listeners exist."""
    held = {one.id: one.body["spec"] for one in manifests if one.kind in ("Service", "Gateway")}
    for manifest in manifests:
        for name, port in _backends(manifest):
            ports = held.get(f"Service/{name}", {}).get("ports", ())
            if port not in [each["port"] for each in ports]:
                yield manifest, "check-backend", f"Service/{name} has no port {port}"
        for parent in manifest.body["spec"]["parentRefs"] if manifest.kind == "HTTPRoute" else ():
            listeners = held.get(f"Gateway/{parent['name']}", {}).get("listeners", ())
            if parent["sectionName"] not in [each["name"] for each in listeners]:
                yield manifest, "check-listener", f"Gateway/{parent['name']} has no listener {parent['sectionName']}"


def _backends(manifest: Manifest) -> Iterator[tuple[str, int]]:
    rules: list[Body] = manifest.body["spec"]["rules"] if manifest.kind in ("HTTPRoute", "Ingress") else []
    for rule in rules:
        for reference in rule.get("backendRefs", ()):
            yield reference["name"], reference["port"]
        for path in rule.get("http", {}).get("paths", ()):
            service: Body = path["backend"]["service"]
            yield service["name"], service["port"]["number"]
