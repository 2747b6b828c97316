"""Deployment: the workload of an ordinary service."""

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import selector
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.workload import undo_command
from stackferry.translator.workload_kinds.strategy import deployment_strategy


def deployment_spec(service: Service, template: Body, exclusive: bool, stack: Stack, notes: Notes) -> Body:
    """`spec` of the Deployment; `replicas: 0` stays 0."""
    return {
        "replicas": max(service.replicas, 0),
        **deployment_strategy(service, exclusive, undo_command(service, stack), notes),
        "selector": {"matchLabels": selector(stack.project.name, stack.name(service))},
        "template": template,
    }
