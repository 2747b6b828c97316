"""Configs and secrets: from file, text or variable; mounted where compose mounts them; never printed."""

import base64
from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import FileReference, Mount
from stackferry.grammar.compose.model.resources import Config, Secret, Volume
from stackferry.grammar.compose.model.terms import Owner
from stackferry.grammar.compose.syntax.units import FileMode
from tests.translator.making import HERE, body_of, codes, container, ids, note, pod, service, translated


@pytest.mark.parametrize(
    ("section", "reference", "path"),
    [
        ("configs", FileReference("App_Conf"), "/App_Conf"),
        ("configs", FileReference("App_Conf", target="/etc/x"), "/etc/x"),
        ("secrets", FileReference("App_Conf"), "/run/secrets/App_Conf"),
        ("secrets", FileReference("App_Conf", target="DB_PW"), "/run/secrets/DB_PW"),
        ("secrets", FileReference("App_Conf", target="/etc/pw"), "/etc/pw"),
    ],
)
def test_place_keeps_its_case(section: str, reference: FileReference, path: str) -> None:
    entry: Any = (Config if section == "configs" else Secret)(file=f"{HERE}/f")
    found = translated(service(**{section: (reference,)}), files={"f": "x"}, **{section: {"App_Conf": entry}})

    (mount,) = container(found)["volumeMounts"]
    assert (mount["mountPath"], mount["subPath"], mount["readOnly"]) == (path, "App_Conf", True)


@pytest.mark.parametrize(("mode", "expected"), [(None, 0o444), (FileMode(0o440), 0o440), (FileMode(0o4755), 0o755)])
def test_mode(mode: FileMode | None, expected: int) -> None:
    found = translated(service(configs=(FileReference("c", mode=mode),)), configs={"c": Config(content="x")})

    assert pod(found)["volumes"][0]["configMap"]["defaultMode"] == expected


@pytest.mark.parametrize(
    ("entry", "content"),
    [
        (Secret(environment="PW"), b"hunter2"),
        (Secret(file=f"{HERE}/pw.txt"), b"from file\n"),
        (Secret(file=f"{HERE}/binary"), b"\x00\xff"),
    ],
    ids=str,
)
def test_secret_content(entry: Secret, content: bytes) -> None:
    found = translated(
        service(secrets=(FileReference("pw"),)),
        secrets={"pw": entry},
        environment={"PW": "hunter2"},
        files={"pw.txt": "from file\n", "binary": b"\x00\xff"},
    )

    (secret,) = [each for each in found.objects if each.kind == "Secret"]
    assert base64.b64decode(secret.body["data"]["pw"]) == content
    assert content.decode("latin-1").strip() not in str(found.notes)


@pytest.mark.parametrize(
    ("entry", "content"),
    [(Config(content="a\n"), "a\n"), (Config(file=f"{HERE}/f"), "x"), (Config(environment="V"), "v")],
    ids=str,
)
def test_config_content(entry: Config, content: str) -> None:
    found = translated(
        service(configs=(FileReference("c"),)), configs={"c": entry}, environment={"V": "v"}, files={"f": "x"}
    )

    (config,) = [each for each in found.objects if each.kind == "ConfigMap"]
    assert config.body["data"] == {"c": content}
    assert config.body["immutable"] is True


def test_no_utf8_is_binary() -> None:
    found = translated(
        service(configs=(FileReference("c"),)), configs={"c": Config(file=f"{HERE}/f")}, files={"f": b"\xff"}
    )

    (config,) = [each for each in found.objects if each.kind == "ConfigMap"]
    assert config.body["binaryData"] == {"c": "/w=="}


@pytest.mark.parametrize(
    ("section", "entry", "existing", "key"),
    [
        ("configs", Config(external=True, name="Their_Conf"), "ConfigMap/their-conf", "external"),
        ("secrets", Secret(external=True), "Secret/c", "external"),
        ("secrets", Secret(file=f"{HERE}/missing"), "Secret/c", "file"),
        ("secrets", Secret(environment="UNSET"), "Secret/c", "environment"),
        ("configs", Config(external=True, name="their.conf"), "ConfigMap/their.conf", "external"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_must_exist_before_is_told(section: str, entry: Any, existing: str, key: str) -> None:
    found = translated(service(**{section: (FileReference("c"),)}), **{section: {"c": entry}})

    assert found.existing == {existing}
    assert existing not in ids(found.objects)
    assert note(found, f"external-{section[:-1]}").path == (section, "c", key)


def test_larger_than_an_object_of_kubernetes_may_be_is_told() -> None:
    entry = Config(content="x" * (1024 * 1024 + 1))
    found = translated(service(configs=(FileReference("c"),)), configs={"c": entry})

    assert note(found, "large-config").path == ("configs", "c", "content")
    assert note(found, "large-config").hint.startswith("kubectl run fill -i --rm")
    assert ids(found.objects)[0] == "PersistentVolumeClaim/config-c"
    assert container(found)["volumeMounts"][0]["subPath"] == "data/c"
    assert pod(found)["initContainers"][0]["name"] == "await-config-c"


@pytest.mark.parametrize(("size", "expected"), [(261_000, []), (262_144, ["large-object"])])
def test_more_than_kubectl_apply_carries_is_told(size: int, expected: list[str]) -> None:
    found = translated(
        service(secrets=(FileReference("s"),)),
        secrets={"s": Secret(environment="S")},
        environment={"S": "x" * (size * 3 // 4)},
    )

    assert codes(found) == expected


def test_content_that_was_no_utf8_is_replaced_as_docker_compose_does() -> None:
    entry = Config(content="a\udcffb")
    found = translated(service(configs=(FileReference("c"),)), configs={"c": entry})

    (config,) = [each for each in found.objects if each.kind == "ConfigMap"]
    assert config.body["data"] == {"c": "a\ufffdb"}


def test_nul_is_binary() -> None:
    entry = Config(file=f"{HERE}/f")
    found = translated(service(configs=(FileReference("c"),)), configs={"c": entry}, files={"f": b"a\0"})

    (config,) = [each for each in found.objects if each.kind == "ConfigMap"]
    assert config.body["binaryData"] == {"c": "YQA="}
    assert "data" not in config.body


def test_shared_by_two_services_is_one_object() -> None:
    reference = (FileReference("c"),)
    found = translated(
        service(configs=reference), service("api", configs=reference), configs={"c": Config(content="x")}
    )

    assert len([each for each in found.objects if each.kind == "ConfigMap"]) == 1


def test_owner_that_nobody_can_set() -> None:
    readable = FileReference("c", uid=Owner("101"))
    hidden = FileReference("c", target="/d", uid=Owner("www-data"), mode=FileMode(0o400))
    found = translated(service(configs=(readable, hidden)), configs={"c": Config(content="x")})

    kinds = [each.kind.value for each in found.notes if each.code == "kubernetes-file-owner"]
    assert kinds == ["approximated", "needs action"]


def test_file_that_only_its_owner_may_read_is_copied_for_him() -> None:
    said = {"uid": Owner("1000"), "mode": FileMode(0o400)}
    found = translated(
        service(secrets=(FileReference("s", **said), FileReference("t", gid=Owner("5"), mode=FileMode(0o040)))),
        secrets={"s": Secret(environment="S"), "t": Secret(environment="S")},
        environment={"S": "x"},
    )

    (made,) = pod(found)["initContainers"]
    assert made["command"][4:] == [
        *("/stackferry-seed/secret-s/s", "/stackferry/owned-secrets/s-1000-0-400", "400", "1000:0"),
        *("/stackferry-seed/secret-t/t", "/stackferry/owned-secrets/t-0-5-40", "40", "0:5"),
    ]
    assert container(found)["volumeMounts"][0] == {
        "name": "owned-secrets",
        "mountPath": "/run/secrets/s",
        "subPath": "s-1000-0-400",
        "readOnly": True,
    }
    assert {"name": "owned-secrets", "emptyDir": {"medium": "Memory"}} in pod(found)["volumes"]
    assert codes(found) == []


def test_the_group_of_a_volume_reads_no_file_that_is_not_meant_for_it() -> None:
    found = translated(
        service(
            user="1000",
            volumes=(Mount(type="volume", source="data", target="/data"),),
            secrets=(FileReference("s", mode=FileMode(0o400)), FileReference("s", target="/public")),
        ),
        volumes={"data": Volume()},
        secrets={"s": Secret(environment="S")},
        environment={"S": "x"},
    )

    assert pod(found)["securityContext"]["fsGroup"] == 1000
    (made,) = pod(found)["initContainers"]
    assert made["command"][6:] == ["400", "0:0"]
    assert note(found, "file-group").path == ("services", "web", "secrets", 1)


@pytest.mark.parametrize("text", ["a\x7fb", "\x1b[0m", "a\x85", "\uffff"])
def test_control_characters_are_binary(text: str) -> None:
    found = translated(service(configs=(FileReference("c"),)), configs={"c": Config(content=text)})

    (config,) = [each for each in found.objects if each.kind == "ConfigMap"]
    assert "data" not in config.body
    assert base64.b64decode(config.body["binaryData"]["c"]).decode() == text


def test_labels_are_annotations() -> None:
    found = translated(
        service(configs=(FileReference("c"),)), configs={"c": Config(content="x", labels={"a": "1", "b c": "2"})}
    )

    (config,) = [each for each in found.objects if each.kind == "ConfigMap"]
    assert body_of(found, config.id)["metadata"]["annotations"] == {"a": "1"}
    assert codes(found) == ["annotation-key"]
