"""Read-only folders and files that a mounted ConfigMap cannot represent."""

from dataclasses import replace
from pathlib import Path

from stackferry.grammar.compose.model.attachments import FileReference, Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.resources import Config, Volume
from stackferry.grammar.files import Disk
from stackferry.translator import Translation, translate
from tests.translator.making import HERE, body_of, codes, container, note, pod, project, service, translated

CONF = Mount(type="bind", source=f"{HERE}/conf", target="/conf", read_only=True)
FILES = {"conf/a": "1", "conf/sub/b": "2", "own": "3"}


def at(folder: Path, web: Service) -> Translation:
    """The translation of a project that lies in a folder."""
    return translate(replace(project(web), directory=str(folder)), Disk(str(folder)))


def is_copied(web: Service, **rest: object) -> bool:
    """Whether the first mount is a folder of the pod that an init container fills."""
    found = translated(web, files=FILES, **rest)
    (mount,) = [each for each in container(found)["volumeMounts"] if each["mountPath"] == "/conf"]
    (volume,) = [each for each in pod(found)["volumes"] if each["name"] == mount["name"]]
    return "emptyDir" in volume and mount["subPath"] == "stackferry-copy"


def test_folder_in_which_something_is_mounted() -> None:
    own = Mount(type="bind", source=f"{HERE}/own", target="/conf/a", read_only=True)
    data = Mount(type="volume", source="data", target="/conf/sub")
    named = Volume(name="data")

    assert is_copied(service(volumes=(CONF, own)))
    assert is_copied(service(volumes=(CONF, data)), volumes={"data": named})
    assert is_copied(
        service(volumes=(CONF,), configs=(FileReference(source="c", target="/conf/a"),)),
        configs={"c": Config(name="c", content="x")},
    )
    assert not is_copied(service(volumes=(CONF,)))


def test_what_is_not_there_for_a_mount_can_be_made() -> None:
    for target, expected in (("/conf/sub", True), ("/conf/new", None)):
        tmpfs = Mount(type="tmpfs", target=target)
        found = translated(service(volumes=(CONF, tmpfs)), files=FILES)

        assert container(found)["volumeMounts"][0].get("readOnly") is expected


def test_folder_with_links_that_lead_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "available").mkdir()
    (tmp_path / "available" / "site").write_text("1")
    (tmp_path / "site").symlink_to("available/site")
    conf = Mount(type="bind", source=str(tmp_path), target="/conf", read_only=True)

    def containers() -> int:
        found = at(tmp_path, service(volumes=(conf,)))
        return len(pod(found).get("initContainers", ()))

    assert containers() == 0
    (tmp_path / "default").symlink_to("/etc/default")
    assert containers() == 1


def test_key_of_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "server.key").write_text("x")
    (tmp_path / "server.key").chmod(0o600)
    key = Mount(type="bind", source=str(tmp_path / "server.key"), target="/server.key", read_only=True)

    def made(user: str | None) -> Translation:
        return at(tmp_path, service(image="mine:1", user=user, volumes=(key,)))

    found = made("70")
    (filling,) = pod(found)["initContainers"]
    assert filling["command"][4:] == ["70:70", "stackferry-copy"]
    assert container(found)["volumeMounts"][0]["subPath"] == "stackferry-copy/server.key"
    assert "every user" in note(made(None), "copied-in").message


def test_empty_folders_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "cache").mkdir()
    conf = Mount(type="bind", source=str(tmp_path), target="/conf", read_only=True)

    found = at(tmp_path, service(volumes=(conf,)))

    assert "without empty folders" in note(found, "copied-in").message
    assert codes(found) == ["copied-in"]
    assert body_of(found, "Deployment/web")
