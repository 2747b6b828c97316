"""`--network` of services: attaches a network, or detaches one by its name."""

from stackferry.emulator.cluster.container import NetworkAttachmentSpec
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.options.edits.edit import PayloadLookup, container, with_container
from stackferry.options.edits.fields import pairs


def add_network(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    """Attach a network: its name, or `name=…,alias=…`."""
    given = pairs(text) if "=" in text else {"name": text}
    network = given.get("name", "")
    if not network:
        raise ValueError("a name is required")
    aliases = (given["alias"],) if "alias" in given else ()
    if any(one.network == network for one in container(spec).networks):
        raise ValueError(f"service is already attached to network {network}")
    return with_container(spec, networks=(*container(spec).networks, NetworkAttachmentSpec(network, aliases)))


def remove_network(spec: ServiceSpec, name: str) -> ServiceSpec:
    """Detach a network by name."""
    return with_container(spec, networks=tuple(one for one in container(spec).networks if one.network != name))
