"""Top-level volumes and their claims."""

from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.resources import Volume
from stackferry.translator import Options, Translation
from tests.translator.making import HERE, body_of, codes, ids, note, pod, service, translated


def stack(volume: Volume, *names: str, options: Options | None = None) -> Translation:
    mount = Mount(type="volume", source="data", target="/data", read_only=True)
    services = [service(name, volumes=(mount,)) for name in names or ("web",)]
    return translated(*services, volumes={"data": volume}, options=options)


def test_claim() -> None:
    found = stack(Volume(labels={"a": "b"}), options=Options(volume_size="5Gi"))

    claim = body_of(found, "PersistentVolumeClaim/data")
    assert claim["metadata"]["annotations"] == {"a": "b"}
    assert claim["spec"] == {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "5Gi"}}}


def test_one_claim_for_all() -> None:
    found = stack(Volume(), "web", "api")

    assert len([each for each in ids(found.objects) if each.startswith("Persistent")]) == 1
    assert codes(found) == ["shared-volume"]


def test_external_claim_is_not_made() -> None:
    found = stack(Volume(name="Theirs", external=True))

    assert pod(found)["volumes"][0]["persistentVolumeClaim"] == {"claimName": "theirs"}
    assert not [each for each in ids(found.objects) if each.startswith("Persistent")]
    assert found.existing == {"PersistentVolumeClaim/theirs"}
    assert codes(found) == ["external-volume"]


@pytest.mark.parametrize(
    ("volume", "source", "noted"),
    [
        (
            Volume(driver_opts={"type": "nfs", "o": "addr=10.0.0.5,rw", "device": ":/x"}),
            {"nfs": {"server": "10.0.0.5", "path": "/x"}},
            ["nfs"],
        ),
        (
            Volume(driver_opts={"type": "nfs4", "o": "addr=10.0.0.5,ro,soft,nfsvers=4.1", "device": "/x"}),
            {"nfs": {"server": "10.0.0.5", "path": "/x", "readOnly": True}},
            ["nfs"],
        ),
        (
            Volume(driver="local", driver_opts={"type": "tmpfs", "o": "size=1m"}),
            {"emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
            ["tmpfs-option"],
        ),
        (
            Volume(driver_opts={"type": "ext4", "device": "/dev/sdb1"}),
            {"persistentVolumeClaim": {"claimName": "data"}},
            ["volume-options"],
        ),
        (Volume(driver="rexray"), {"persistentVolumeClaim": {"claimName": "data"}}, ["volume-driver"]),
    ],
    ids=str,
)
def test_driver(volume: Volume, source: dict[str, Any], noted: list[str]) -> None:
    found = stack(volume)

    assert pod(found)["volumes"] == [{"name": "volume-data", **source}]
    assert codes(found) == noted


def test_volume_that_is_a_path_of_the_host_is_a_bind_mount() -> None:
    volume = Volume(driver_opts={"type": "none", "o": "bind", "device": f"{HERE}/work"})
    mount = Mount(type="volume", source="data", target="/data")
    found = translated(service(volumes=(mount,)), volumes={"data": volume}, files={"work/a": "1"})

    assert "PersistentVolumeClaim/host-work" in ids(found.objects)
    assert note(found, "seeded").path == ("services", "web", "volumes", 0, "source")
