"""Mounts in the engine's two forms."""

import pytest

from stackferry.emulator.agent.mounts import binds, mount_bodies
from stackferry.emulator.cluster.container import ContainerSpec, MountSpec


@pytest.mark.parametrize(
    ("mount", "bind"),
    [
        (MountSpec("bind", "/a", "/h", create_host_path=True), "/h:/a:rw"),
        (MountSpec("bind", "/a", "/h", selinux="z", read_only=True), "/h:/a:ro,z"),
        (MountSpec("bind", "/a", "/h", create_host_path=True, propagation="rslave"), "/h:/a:rw,rslave"),
        (MountSpec("volume", "/a", "s_v", selinux="Z"), "s_v:/a:rw,Z"),
        (MountSpec("volume", "/a", "s_v", selinux="Z", nocopy=True, read_only=True), "s_v:/a:ro,Z,nocopy"),
        (MountSpec("bind", "/a", "/h"), ""),
        (MountSpec("bind", "/a:b", "/h", create_host_path=True), ""),
        (MountSpec("bind", "/a", "/h", create_host_path=True, recursive="disabled"), ""),
        (MountSpec("volume", "/a", "s_v"), ""),
        (MountSpec("volume", "/a", "s_v", selinux="z"), ""),
        (MountSpec("volume", "/a", "s_v", selinux="Z", subpath="x"), ""),
        (MountSpec("volume", "/a", "s_{{.Task.Slot}}", selinux="Z"), ""),
        (MountSpec("volume", "/a", selinux="Z"), ""),
    ],
)
def test_the_older_form_is_for_what_only_it_can_say(mount: MountSpec, bind: str) -> None:
    spec = ContainerSpec("a", mounts=(mount,))
    data = {"Task": {"Slot": 1}}

    assert binds(spec, data) == ([bind] if bind else [])
    assert len(mount_bodies(spec, data)) == (0 if bind else 1)
