"""Checks init containers that wait: what they wait for exists, and they may ask the API about it."""

from collections.abc import Mapping

from stackferry.translator.checks.complaint import WORKLOADS, Complaints, pod_of
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.order.access import awaited_jobs
from stackferry.translator.order.waits import awaited


def check_waits(manifests: tuple[Manifest, ...]) -> Complaints:
    """A wait for a Service or a Job that does not exist never ends."""
    there = {one.id: one for one in manifests}
    for manifest in manifests:
        spec = pod_of(manifest) if manifest.kind in WORKLOADS else {}
        for container in spec.get("initContainers", ()):
            kind, name = awaited(container)
            if kind and f"{kind}/{name}" not in there:
                yield manifest, "check-wait", f"{container['name']} waits for {kind}/{name}, which does not exist"
            if kind == "Job" and not _may_ask(name, spec.get("serviceAccountName", ""), there):
                yield (
                    manifest,
                    "check-wait",
                    f"{container['name']} waits for {kind}/{name}, but is not allowed to read it",
                )


def _may_ask(job: str, account: str, there: Mapping[str, Manifest]) -> bool:
    role = there.get(f"Role/{account}")
    bound = f"ServiceAccount/{account}" in there and f"RoleBinding/{account}" in there
    return bound and role is not None and job in awaited_jobs(role)
