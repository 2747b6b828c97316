"""`--mount` of services: adds a mount, or removes one by its target."""

import os
from dataclasses import replace

from stackferry.emulator.cluster.container import MountSpec
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.options.edits.edit import PayloadLookup, container, with_container


def mount(text: str) -> MountSpec:
    """Parse `type=…,source=…,target=…`; raises ShorthandError."""
    from stackferry.emulator.desired.volumes import mount_spec
    from stackferry.grammar.compose.assemble import record
    from stackferry.grammar.compose.model.attachments import Mount
    from stackferry.grammar.compose.syntax.mount_fields import parse_mount_fields
    from stackferry.grammar.files import working_directory

    fields = parse_mount_fields(text)
    if fields.get("source", "").startswith("."):
        fields["source"] = os.path.normpath(os.path.join(working_directory(os.environ.get("PWD")), fields["source"]))
    volume = fields.get("volume", {})
    # A service requires its folders to exist, as in a swarm.
    made = mount_spec(record(Mount, fields), None, is_made=False)
    return replace(made, driver=volume.get("driver", ""), driver_opts=volume.get("driver_opts", {}))


def add_mount(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    """Add a mount; it replaces one with the same target."""
    new = mount(text)
    return with_container(spec, mounts=(*(one for one in container(spec).mounts if one.target != new.target), new))


def remove_mount(spec: ServiceSpec, target: str) -> ServiceSpec:
    """Remove the mount with a target."""
    return with_container(spec, mounts=tuple(one for one in container(spec).mounts if one.target != target))
