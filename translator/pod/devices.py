"""Devices of the host (`devices`): nothing is written, since only a privileged container may open them.

A pod gets devices from a vendor's device plugin. Without one, it needs the host's file in a privileged container, which
may do everything on the node: the user has to ask for that, with the patch in the note.
"""

import json

from stackferry.grammar.compose.model.attachments import Device
from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.names import dns_label
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.workload import resource


def note_devices(service: Service, stack: Stack, notes: Notes) -> None:
    """Add a note for each device about what becomes of it."""
    for index, device in enumerate(service.devices):
        path = ("services", service.name, "devices", index)
        if not device.source.startswith("/"):
            notes.action(
                path,
                "kubernetes-device",
                f"{device.source!r} is not a device file of the host; not passed to the container",
                "install the vendor's device plugin (or a DRA driver) and patch resources.limits",
            )
        elif service.privileged and device.target in ("", device.source):
            notes.approximated(
                path, "kubernetes-device", "a privileged container has access to all devices of the node"
            )
        else:
            notes.action(
                path,
                "kubernetes-device",
                (
                    f"{device.source} is not passed to the container: without a device plugin, only a"
                    " privileged container can open it"
                ),
                _patch(service, device, stack),
            )


def _patch(service: Service, device: Device, stack: Stack) -> str:
    """The command that passes the device in all the same."""
    name = dns_label(f"device-{device.source.rpartition('/')[2]}")
    container = {
        "name": stack.naming.containers[service.name],
        "securityContext": {"privileged": True},
        "volumeMounts": [{"name": name, "mountPath": device.target or device.source}],
    }
    volume = {"name": name, "hostPath": {"path": device.source}}
    patch = {"spec": {"template": {"spec": {"containers": [container], "volumes": [volume]}}}}
    return f"kubectl patch{stack.options.in_namespace} {resource(stack.owner(service), stack)} -p '{json.dumps(patch)}'"
