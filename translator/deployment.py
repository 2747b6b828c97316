"""Deployment: the workload of an ordinary service."""

from grammar.compose.model import Service
from translator.labels import selector
from translator.manifests import Body
from translator.notes import Notes
from translator.stack import Stack
from translator.strategy import deployment_strategy
from translator.workload import undo_command


def deployment_spec(service: Service, template: Body, exclusive: bool, stack: Stack, notes: Notes) -> Body:
    """`spec` of the Deployment; `replicas: 0` stays 0."""
    return {
        "replicas": max(service.replicas, 0),
        **deployment_strategy(service, exclusive, undo_command(service, stack), notes),
        "selector": {"matchLabels": selector(stack.project.name, stack.name(service))},
        "template": template,
    }
