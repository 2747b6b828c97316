"""Deployment: the workload of an ordinary service."""

from stackferry.grammar.compose.model import Service
from stackferry.translator.labels import selector
from stackferry.translator.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.strategy import deployment_strategy
from stackferry.translator.workload import undo_command


def deployment_spec(service: Service, template: Body, exclusive: bool, stack: Stack, notes: Notes) -> Body:
    """`spec` of the Deployment; `replicas: 0` stays 0."""
    return {
        "replicas": max(service.replicas, 0),
        **deployment_strategy(service, exclusive, undo_command(service, stack), notes),
        "selector": {"matchLabels": selector(stack.project.name, stack.name(service))},
        "template": template,
    }
