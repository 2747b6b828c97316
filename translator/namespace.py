"""The Namespace that the caller asked for: part of the manifests, so that one `kubectl apply` is enough."""

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator.manifest.labels import of_project
from stackferry.translator.manifest.manifests import Manifest, manifest
from stackferry.translator.manifest.names import LABEL, dns_label
from stackferry.translator.stack import Stack

EXISTING = frozenset(("default", "kube-system", "kube-public", "kube-node-lease"))
"""Namespaces that every cluster has: we neither create them nor delete them with the stack."""


def to_namespace(stack: Stack) -> Manifest | None:
    """The Namespace, None if the caller gave none or one that every cluster has."""
    name = stack.options.namespace
    if name is None or name in EXISTING:
        return None
    if not LABEL.fullmatch(name):
        raise StackferryError(
            f"{name!r} is not a valid namespace",
            f"use at most 63 lowercase letters, digits and '-', for example {dns_label(name)}",
        )
    return manifest("Namespace", name, None, of_project(stack.project.name), {})
