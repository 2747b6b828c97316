"""Which ports of a service are known, from which evidence, and which services call it."""

from collections.abc import Mapping
from typing import Any

from stackferry.grammar.compose.model.attachments import FileReference, Mount, NetworkAttachment
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.resources import Config
from stackferry.grammar.files import Memory
from stackferry.translator.discovery.discovery import Discovery, discover
from stackferry.translator.host import Host
from tests.translator.making import HERE, project, service


def found(*services: Service, files: Mapping[str, str] | None = None, **rest: Any) -> Discovery:
    stack = project(*services, **rest)
    return discover(stack, {name: name.replace("_", "-") for name in stack.services}, Host(Memory(files or {}, HERE)))


APP = service("app", image="me/app")


def test_first_evidence_of_a_port_counts() -> None:
    ports = found(service("db", image="postgres"), service(environment={"URL": "postgres://db/x"})).ports["db"]

    assert [(port.number, port.evidence) for port in ports] == [(5432, "URL of web")]


def test_addresses_in_a_mounted_file_and_in_a_config() -> None:
    mount = Mount("bind", "/etc/nginx.conf", f"{HERE}/nginx.conf")
    both = found(
        APP,
        service(volumes=(mount,), configs=(FileReference("more"),)),
        files={"nginx.conf": "fastcgi_pass app:9000;"},
        configs={"more": Config(content="url: http://app:9001/")},
    )

    assert [(port.number, port.evidence) for port in both.ports["app"]] == [
        (9000, "nginx.conf of web"),
        (9001, "config more"),
    ]


def test_files_of_the_system_are_not_read() -> None:
    mount = Mount("bind", "/x", "/etc/hosts")

    assert found(APP, service(volumes=(mount,)), files={"/etc/hosts": "app:9000"}).ports["app"] == ()


def test_pairs_of_variables() -> None:
    ports = found(APP, service(environment={"DB_HOST": "app", "DB_PORT": "7000"})).ports["app"]

    assert [(port.number, port.evidence) for port in ports] == [(7000, "DB_PORT of web")]


def test_further_names_lead_to_the_service() -> None:
    app = service("my_app", image="me/app", container_name="c", networks={"n": NetworkAttachment(aliases=("a",))})
    said = {"A": "http://c:1", "B": "http://a:2", "C": "http://tasks.my_app:3", "D": "http://my-app:4"}
    ports = found(app, service(environment={**said, "E": "http://my_app.shop_default:5", "F": "http://my_app.org:6"}))

    assert [port.number for port in ports.ports["my_app"]] == [1, 2, 3, 4, 5]
    assert ports.callers.of("my_app") == ("web",)


def test_who_may_need_itself() -> None:
    a = service("a", environment={"X": "http://b:1"})
    b = service("b", environment={"X": "http://c:1"})
    c = service("c", environment={"X": "http://a:1", "Y": "http://d:1"})
    d = service("d")
    itself = service("e", environment={"ADVERTISED": "PLAINTEXT://e:9092"})

    assert found(a, b, c, d, itself, service(environment={"X": "http://a:1"})).rings == {"a", "b", "c", "e"}
