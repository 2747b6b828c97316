"""Containers that run before a service starts: init containers of its pod, and the Job that runs once for several pods.

The Job's name ends in a hash of its own content and the service's: another version of the service is another Job, whose
name its dependents wait for.
"""

import json
from collections.abc import Callable, Generator, Iterator, Sequence

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.manifest.names import dns_label, hashed
from stackferry.translator.notes import Notes, Path
from stackferry.translator.order.finished import Finished
from stackferry.translator.order.waits import asks_for_a_job, wait_for_job
from stackferry.translator.pod.fillings import filling_containers
from stackferry.translator.pod.pod import to_pod_template
from stackferry.translator.pod.pre_start import Step, steps
from stackferry.translator.pod.restart import BACKOFF_LIMIT
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.mounts import Mounts, PodVolumes
from stackferry.translator.volumes.storage import Mountable, mounts_of
from stackferry.translator.workload import for_all_pods, in_the_pod

Found = Generator[tuple[Manifest, tuple[tuple[str, str], ...]], None, list[Body]]
"""Objects with their roles; the generator returns the init containers of the service's pod."""


def pre_start(
    service: Service,
    container: Body,
    mounts: Mounts,
    awaits: Callable[[PodVolumes], list[Body]],
    mountable: Mountable,
    finished: Finished,
    stack: Stack,
    notes: Notes,
) -> Found:
    """All objects. `container` is the service's own, with `mounts`; `awaits` makes a pod's waits for others."""
    found: list[Body] = []
    if for_all_pods(service):
        # The Job's pod has volumes of its own; notes about them were already made for the service's.
        volumes = PodVolumes()
        shared = mounts_of(service, volumes, mountable, stack, Notes())
        once = steps(service, for_all_pods(service), shared, volumes, mountable, stack, notes)
        yield from _objects(once)
        yield from ((one, ()) for one in volumes.objects)
        before = [*filling_containers(Group(service), [container], volumes, stack), *awaits(volumes)]
        fs_group = mountable.hosts.owners.fs_group(volumes.written)
        job = _job(service, once, before, volumes, fs_group, container, stack)
        yield job, tuple(("before", step.owner) for step in once)
        _note_job(service, job.name, stack, notes)
        if stack.options.wait:
            finished.before.append(job.name)
            name = dns_label(f"wait-{stack.naming.once[service.name]}")
            found.append(wait_for_job(name, job.name, mounts.pod, stack))
    own = steps(service, in_the_pod(service), mounts, mounts.pod, mountable, stack, notes)
    yield from _objects(own)
    return [*found, *(step.container for step in own)]


def own_steps(service: Service) -> tuple[str, ...]:
    """The owners of the steps that are init containers of the service's pod."""
    return tuple(f"{service.name}[{index}]" for index in in_the_pod(service))


def _objects(found: Sequence[Step]) -> Iterator[tuple[Manifest, tuple[tuple[str, str], ...]]]:
    return ((one, ((role, step.owner),)) for step in found for role, one in step.objects)


def _job(
    service: Service,
    found: Sequence[Step],
    before: Sequence[Body],
    volumes: PodVolumes,
    fs_group: int | None,
    container: Body,
    stack: Stack,
) -> Manifest:
    """The Job that runs the steps, in a pod of `volumes`, after the init containers `before`."""
    *first, last = (step.container for step in found)
    account = stack.naming.waiter if any(map(asks_for_a_job, before)) else None
    template = to_pod_template(
        Group(service), [last], [*before, *first], volumes, fs_group, "OnFailure", account, {}, stack, Notes()
    )
    name = stack.naming.once[service.name]
    labels = of_service(stack.project.name, name)
    # The service's labels would direct its peers' traffic to this pod.
    template["metadata"]["labels"] = labels
    full = hashed(name, json.dumps([template, container], sort_keys=True).encode())
    spec: Body = {"backoffLimit": BACKOFF_LIMIT, "template": template}
    return manifest("Job", full, stack.options.namespace, labels, {"spec": spec})


def _note_job(service: Service, job: str, stack: Stack, notes: Notes) -> None:
    path: Path = ("services", service.name, "pre_start")
    waiting = "wait" if stack.options.wait else "do not wait"
    for index in for_all_pods(service):
        late = any(other < index for other in in_the_pod(service))
        notes.approximated(
            (*path, index),
            "kubernetes-pre-start-job",
            f"runs once for this version of the service, as the Job {job}; the pods {waiting} for it"
            + (", and then runs what each replica runs" if late else ""),
            "" if stack.options.wait else "convert without --no-wait",
        )
