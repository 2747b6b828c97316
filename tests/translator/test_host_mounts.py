"""Volumes that are host paths through their options."""

import pytest

from stackferry.grammar.compose.model.attachments import Mount, VolumeOptions
from stackferry.grammar.compose.model.resources import Volume
from stackferry.translator.host_mounts import as_bind, bound_device
from tests.translator.making import project, service


@pytest.mark.parametrize(
    ("volume", "device"),
    [
        (Volume(driver_opts={"type": "none", "o": "bind", "device": "/srv/x"}), "/srv/x"),
        (Volume(driver="local", driver_opts={"o": "rw, bind", "device": "/srv/x"}), "/srv/x"),
        (Volume(driver_opts={"type": "none", "o": "bind", "device": "srv"}), None),
        (Volume(driver_opts={"type": "nfs", "o": "addr=a", "device": ":/x"}), None),
        (Volume(driver="rexray", driver_opts={"o": "bind", "device": "/srv/x"}), None),
        (Volume(), None),
    ],
)
def test_device(volume: Volume, device: str | None) -> None:
    assert bound_device(volume) == device


def test_a_part_of_the_volume() -> None:
    volume = Volume(driver_opts={"o": "bind", "device": "/srv/x/"})
    made = project(service(), volumes={"v": volume})
    mounts = [Mount(type="volume", source="v", volume=VolumeOptions(subpath=path)) for path in ("a/b", "../c")]

    found = [as_bind(mount, made) for mount in mounts]
    assert [bind and bind.source for bind in found] == ["/srv/x/a/b", None]
