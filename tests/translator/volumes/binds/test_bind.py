"""Bind mounts: the volume, the mount, the object behind it and the notes about it."""

from stackferry.grammar.compose.model.attachments import BindOptions, Mount
from tests.translator.making import HERE, body_of, codes, container, ids, note, pod, service, translated


def bind(source: str, target: str, **keys: object) -> Mount:
    return Mount(type="bind", source=source if source.startswith("/") else f"{HERE}/{source}", target=target, **keys)


def test_one_claim_for_one_host_path() -> None:
    """Three services that share a folder share it in the cluster too."""
    shared = bind("data", "/data")
    found = translated(service(volumes=(shared,)), service("api", volumes=(shared,)), files={"data/x": "1"})

    assert [each for each in ids(found.objects) if each.startswith("Persistent")] == ["PersistentVolumeClaim/host-data"]
    claims = [pod(found, f"Deployment/{name}")["volumes"][0]["persistentVolumeClaim"] for name in ("web", "api")]
    assert claims == [{"claimName": "host-data"}] * 2


def test_folder_that_a_service_may_write_begins_with_what_is_here() -> None:
    found = translated(service(user="1000:50", volumes=(bind("work", "/w"),)), files={"work/a/b": "1", "work/c": "2"})

    (made,) = pod(found)["initContainers"]
    assert made["command"][3:] == ["fill-host-work", "1000:50", "data"]
    (seed,) = [each for each in found.objects if each.kind == "ConfigMap"]
    assert seed.body["data"] == {
        "a.b": "1",
        "c": "2",
        "plan.stackferry": "755 / a\n644 a.b a/b\n644 c c\n",
    }
    assert container(found)["volumeMounts"] == [{"name": "host-work", "mountPath": "/w", "subPath": "data"}]
    context = pod(found)["securityContext"]
    assert (context["fsGroup"], context["fsGroupChangePolicy"]) == (50, "OnRootMismatch")
    assert codes(found) == ["fs-group", "seeded"]


def test_file_that_a_service_may_write_lies_in_a_claim() -> None:
    found = translated(service(volumes=(bind("app.ini", "/etc/app.ini"),)), files={"app.ini": "x"})

    assert container(found)["volumeMounts"][0]["subPath"] == "data/app.ini"
    assert ":ro" in note(found, "seeded").hint


def test_folder_with_a_key_is_seeded_from_a_secret() -> None:
    found = translated(service(volumes=(bind("w", "/w"),)), files={"w/a.key": "x"})

    assert [each.kind for each in found.objects if each.name.startswith("seed-")] == ["Secret"]


def test_the_way_to_fill_is_told_where_the_content_is_too_large() -> None:
    files = {"my data/x": "x" * 2_000_000}
    found = translated(service(volumes=(bind("my data", "/var/lib/x"),)), files=files)

    assert note(found, "host-folder").hint.startswith("tar -C './my data' -cf - . | kubectl run fill -i --rm")
    assert "initContainers" not in pod(found)


def test_pod_waits_for_a_file_that_is_too_large() -> None:
    files = {"app.db": "x" * 2_000_000}
    found = translated(service(volumes=(bind("app.db", "/app.db"),)), files=files)

    assert pod(found)["initContainers"][0]["command"][4:] == ["app.db", "host-app-db"]


def test_what_is_the_machines_is_neither_copied_nor_is_anybody_told_to_copy_it() -> None:
    found = translated(
        service(volumes=(bind("/root/.ssh", "/keys"), bind("/etc/mine.conf", "/mine.conf"))),
        files={"/root/.ssh/id_rsa": "x", "/etc/mine.conf": "x"},
    )

    assert codes(found) == ["host-folder", "unreadable"]
    assert not any("tar" in each.hint or "kubectl" in each.hint for each in found.notes)
    assert [each.kind for each in found.objects] == ["PersistentVolumeClaim", "Service", "Deployment"]


def test_file_is_mounted_by_itself() -> None:
    found = translated(service(volumes=(bind("a b.conf", "/etc/x.conf", read_only=True),)), files={"a b.conf": "x"})

    (mount,) = container(found)["volumeMounts"]
    (volume,) = pod(found)["volumes"]
    config = body_of(found, f"ConfigMap/{volume['configMap']['name']}")
    assert config["data"] == {mount["subPath"]: "x"}
    assert mount["readOnly"] is True


def test_data_file_lies_in_a_claim_under_its_name() -> None:
    found = translated(service(volumes=(bind("app.db", "/srv/app.db"),)), files={"app.db": b"\x00\xff"})

    assert container(found)["volumeMounts"][0]["subPath"] == "data/app.db"


def test_folder_with_folders_keeps_its_shape() -> None:
    files = {"conf/a": "1", "conf/sub/a": "2"}
    found = translated(service(volumes=(bind("conf", "/conf", read_only=True),)), files=files)

    (volume,) = pod(found)["volumes"]
    data = body_of(found, f"ConfigMap/{volume['configMap']['name']}")["data"]
    assert {item["path"]: data[item["key"]] for item in volume["configMap"]["items"]} == {"a": "1", "sub/a": "2"}
    assert "subPath" not in container(found)["volumeMounts"][0]


def test_files_that_would_have_the_same_key_keep_their_content() -> None:
    files = {"conf/a/b": "in a folder", "conf/a.b": "with a dot"}
    found = translated(service(volumes=(bind("conf", "/conf", read_only=True),)), files=files)

    (volume,) = pod(found)["volumes"]
    data = body_of(found, f"ConfigMap/{volume['configMap']['name']}")["data"]
    assert {item["path"]: data[item["key"]] for item in volume["configMap"]["items"]} == {
        "a/b": "in a folder",
        "a.b": "with a dot",
    }


def test_file_too_large_for_kubectl_apply_is_told() -> None:
    found = translated(service(volumes=(bind("a.json", "/a.json", read_only=True),)), files={"a.json": "<" * 50_000})

    assert note(found, "large-object").path == ("services", "web", "volumes", 0, "source")


def test_changed_content_changes_the_pod() -> None:
    names = {
        pod(translated(service(volumes=(bind("a", "/a", read_only=True),)), files={"a": text}))["volumes"][0][
            "configMap"
        ]["name"]
        for text in ("1", "2")
    }

    assert len(names) == 2


def test_docker_socket_is_loud() -> None:
    found = translated(service(volumes=(bind("/var/run/docker.sock", "/var/run/docker.sock"),)))

    assert pod(found)["volumes"][0]["hostPath"] == {"path": "/var/run/docker.sock", "type": "Socket"}
    assert "full control" in note(found, "host-path").hint


def test_time_zone_is_left_out() -> None:
    found = translated(service(volumes=(bind("/etc/localtime", "/etc/localtime", read_only=True),)))

    assert "volumes" not in pod(found)
    assert codes(found) == ["time-zone"]


def test_propagation_needs_privilege() -> None:
    shared = bind("/sys", "/sys", bind=BindOptions(propagation="rshared"))

    allowed = container(translated(service(volumes=(shared,), privileged=True)))["volumeMounts"][0]
    refused = translated(service(volumes=(shared,)))

    assert allowed["mountPropagation"] == "Bidirectional"
    assert "mountPropagation" not in container(refused)["volumeMounts"][0]
    assert sorted(codes(refused)) == ["host-path", "propagation"]
