"""Job: a service that runs to its end, because another waits for that or `deploy.mode` says so."""

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.pod.restart import job_policy
from stackferry.translator.stack import Stack


def job_spec(service: Service, template: Body, exclusive: bool, stack: Stack, notes: Notes) -> Body:
    """`spec` of the Job; the pods that are wanted all run at once, as compose starts them."""
    _, backoff_limit = job_policy(service, Notes())
    path = ("services", service.name)
    notes.approximated(
        path,
        "kubernetes-job",
        "runs once, as a Job; a Job cannot be changed in place",
        f"before applying a changed one: kubectl delete job {stack.name(service)}",
    )
    if service.deploy and service.deploy.mode == "global-job":
        notes.approximated((*path, "deploy", "mode"), "kubernetes-global-job", "runs on one node, not on every node")
    return {
        "parallelism": max(service.replicas, 0),
        "completions": max(service.replicas, 0),
        "backoffLimit": backoff_limit,
        "template": template,
    }
