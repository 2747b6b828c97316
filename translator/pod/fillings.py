"""The init containers that fill the volumes of a pod (`volumes/filling/filling.py` says with what)."""

from collections.abc import Sequence

from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.names import Allocator, dns_label
from stackferry.translator.pod.helper import ROOT, helper_container
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.filling.filling import Filling, Held
from stackferry.translator.volumes.mounts import PodVolumes


def filling_containers(group: Group, containers: Sequence[Body], volumes: PodVolumes, stack: Stack) -> list[Body]:
    """Init containers in the order in which fillings were requested; `containers` match the group's services."""
    names = Allocator({container["name"] for container in containers})
    of_service = {service.name: container for service, container in zip(group.services, containers, strict=True)}
    return [_container(filling, names, of_service.get(filling.service or ""), stack) for filling in volumes.fillings]


def _container(filling: Filling, names: Allocator, service: Body | None, stack: Stack) -> Body:
    image = filling.image or (service["image"] if service else stack.options.helper_image)
    made = helper_container(
        names.take(dns_label(filling.name), filling.name),
        filling.script,
        image,
        args=filling.args,
        mounts=[_mount(one) for one in filling.held],
        user=ROOT if filling.as_root else None,
    )
    # An image that was built into the node cannot be pulled, neither for this container nor for the service's.
    return {**made, "imagePullPolicy": service["imagePullPolicy"]} if service else made


def _mount(held: Held) -> Body:
    mount: Body = {"name": held.volume, "mountPath": held.place}
    return {**mount, "readOnly": True} if held.read_only else mount
