"""Devices of the host: never passed in silently, and the way to do it is explained in full."""

import json
import shlex

from stackferry.grammar.compose.model.attachments import Device
from stackferry.translator import Kind
from tests.translator.making import container, note, service, translated

TTY = Device(source="/dev/ttyUSB0", target="/dev/ttyUSB0", permissions="rwm")


def test_the_hint_is_a_patch_that_names_the_container() -> None:
    found = translated(service(devices=(TTY,)))

    assert "volumeMounts" not in container(found)
    told = note(found, "device")
    assert told.kind is Kind.NEEDS_ACTION
    words = shlex.split(told.hint)
    assert words[:3] == ["kubectl", "patch", "deploy/web"]
    spec = json.loads(words[-1])["spec"]["template"]["spec"]
    assert spec["containers"][0]["name"] == container(found)["name"]
    assert spec["volumes"][0]["hostPath"] == {"path": "/dev/ttyUSB0"}


def test_a_privileged_container_has_them_all() -> None:
    assert note(translated(service(devices=(TTY,), privileged=True)), "device").kind is Kind.APPROXIMATED


def test_a_device_of_a_vendor_is_no_file() -> None:
    told = note(
        translated(service(devices=(Device(source="vendor.com/class=one", target="vendor.com/class=one"),))), "device"
    )

    assert "is not a device file" in told.message
