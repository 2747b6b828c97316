"""DaemonSet: `deploy.mode: global`, one pod on every node."""

from grammar.compose.model import Service
from translator.labels import selector
from translator.manifests import Body
from translator.notes import Notes
from translator.stack import Stack
from translator.strategy import daemonset_strategy
from translator.workload import undo_command


def daemonset_spec(service: Service, template: Body, exclusive: bool, stack: Stack, notes: Notes) -> Body:
    """`spec` of the DaemonSet."""
    return {
        **daemonset_strategy(service, undo_command(service, stack), notes),
        "selector": {"matchLabels": selector(stack.project.name, stack.name(service))},
        "template": template,
    }
