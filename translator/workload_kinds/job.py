"""Job: a service that runs to completion, because another waits for that or `deploy.mode` says so."""

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack


def job_spec(service: Service, template: Body, retries: int, stack: Stack, notes: Notes) -> Body:
    """`spec` of the Job; all its pods run at once, as compose starts them."""
    path = ("services", service.name)
    notes.approximated(
        path,
        "kubernetes-job",
        (
            f"runs once, as a Job named after its content, because {stack.jobs[service.name]}; a change"
            " creates a new one"
        ),
    )
    if service.deploy and service.deploy.mode == "global-job":
        notes.approximated((*path, "deploy", "mode"), "kubernetes-global-job", "runs on one node, not on every node")
    return {
        "parallelism": max(service.replicas, 0),
        "completions": max(service.replicas, 0),
        "backoffLimit": retries,
        "template": template,
    }
