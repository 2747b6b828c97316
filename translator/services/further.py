"""Services that are only names: subdomains in which pods have a host name, and the machine that runs a minikube."""

from collections.abc import Iterator

from stackferry.translator.manifest.labels import DOMAIN, INSTANCE, of_project
from stackferry.translator.manifest.manifests import Manifest, manifest
from stackferry.translator.renaming.renames import HOST
from stackferry.translator.stack import Stack


def to_further_services(stack: Stack) -> Iterator[Manifest]:
    """A headless Service for each subdomain, an ExternalName for each name of the machine outside."""
    labels = of_project(stack.project.name)
    for domain in dict.fromkeys(domain for _, domain in stack.naming.further.domains.values()):
        spec = {
            "clusterIP": "None",
            "publishNotReadyAddresses": True,
            "selector": {INSTANCE: labels[INSTANCE], DOMAIN: domain},
        }
        yield manifest("Service", domain, stack.options.namespace, labels, {"spec": spec})
    for name in stack.naming.further.gateways:
        outside = {"type": "ExternalName", "externalName": HOST}
        yield manifest("Service", name, stack.options.namespace, labels, {"spec": outside})
