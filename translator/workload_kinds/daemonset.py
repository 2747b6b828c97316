"""DaemonSet: `deploy.mode: global`, one pod on every node."""

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import selector
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.workload import undo_command
from stackferry.translator.workload_kinds.strategy import daemonset_strategy


def daemonset_spec(service: Service, template: Body, exclusive: bool, stack: Stack, notes: Notes) -> Body:
    """`spec` of the DaemonSet."""
    return {
        **daemonset_strategy(service, undo_command(service, stack), notes),
        "selector": {"matchLabels": selector(stack.project.name, stack.name(service))},
        "template": template,
    }
