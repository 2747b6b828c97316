"""Which workloads own which claims."""

from typing import Any

from stackferry.grammar.compose.model.attachments import Mount, VolumeOptions
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.resources import Volume
from stackferry.translator import Translation
from tests.translator.making import codes, note, pod, service, translated


def stack(*services: Service) -> Translation:
    return translated(*services, volumes={name: Volume() for name in "abc"})


def writer(name: str, *volumes: str, **keys: Any) -> Service:
    """A service that writes these volumes; `-a` is only read."""
    mounts = [Mount("volume", f"/{one}", one.removeprefix("-"), read_only=one.startswith("-")) for one in volumes]
    return service(name, image="busybox:1", volumes=tuple(mounts), **keys)


def groups(found: Translation, *names: str) -> list[int | None]:
    return [pod(found, f"Deployment/{name}").get("securityContext", {}).get("fsGroup") for name in names]


def test_who_writes_is_in_the_group() -> None:
    found = stack(
        writer("known", "a", user="1000:50"),
        writer("root", "b", user="root"),
        writer("reader", "-c", user="7"),
        writer("named", "b", user="app"),
    )

    assert groups(found, "known", "root", "reader", "named") == [50, None, None, None]


def test_first_known_writer_of_a_claim_decides_for_all_who_write_it() -> None:
    found = stack(writer("backup", "a"), writer("db", "a", user="70"), writer("web", "a", user="33"))

    assert groups(found, "backup", "db", "web") == [70, 70, 70]
    assert "other-owner" in codes(found)
    told = note(found, "shared-group")
    assert told.path == ("services", "backup", "volumes", 0)
    assert (
        told.message
        == "its processes also get group 70 (fsGroup), because another service writes to the volume as that group"
    )


def test_claims_that_a_pod_mounts_together_have_one_group_everywhere() -> None:
    found = stack(
        writer("one", "a", user="1"),
        writer("two", "b", user="2"),
        writer("three", "c", user="3"),
        writer("backup", "-a", "-b"),
        writer("both", "b", "-c"),
    )

    assert groups(found, "one", "two", "three", "backup", "both") == [1, 2, 2, None, 2]


def test_services_of_one_pod() -> None:
    found = stack(writer("owner", "a", user="5"), writer("member", "b", user="6", network_mode="service:owner"))

    assert groups(found, "owner") == [5]


def test_mount_that_is_left_out_has_no_owner() -> None:
    mount = Mount("volume", "/x", "a", volume=VolumeOptions(subpath="../b"))

    assert groups(stack(service(user="5", volumes=(mount,))), "web") == [None]


def test_claims_of_slots_have_an_owner_too() -> None:
    mount = Mount("volume", "/data", "data")
    found = translated(
        service(user="1000:50", volumes=(mount,), deploy=Deploy(mode="replicated", replicas=2)),
        volumes={"data": Volume(name="data-{{.Task.Slot}}")},
    )

    spec = pod(found, "StatefulSet/web")
    assert spec["securityContext"]["fsGroup"] == 50
    assert spec["containers"][0]["volumeMounts"] == [{"name": "data", "mountPath": "/data", "subPath": "data"}]
