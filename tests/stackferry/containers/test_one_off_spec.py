"""How `run` changes a service's spec, without an engine."""

from dataclasses import replace

import pytest

from stackferry.containers.one_off_request import Attachment, ContainerChanges, OneOffRequest
from stackferry.containers.one_off_spec import one_off_spec
from stackferry.emulator.cluster.container import ContainerSpec, HealthSpec, MountSpec
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec, TaskTemplate
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.desired.volumes import VolumeSpec
from stackferry.options.declaration import WrongValueError

OWN = ContainerSpec(
    "nginx",
    command=("/start",),
    args=("serve", "-v"),
    labels={"a": "1", "b": "2"},
    user="www",
    working_dir="/srv",
    container_name="it",
    health=HealthSpec(("CMD", "true")),
    mounts=(MountSpec("volume", "/data", "shop_data"),),
    exposed=("9000/tcp",),
    options={"CapAdd": ["CAP_NET_ADMIN"]},
)
SPEC = ServiceSpec(
    "shop_web",
    task=TaskTemplate(OWN, has_healthcheck=True),
    endpoint=EndpointSpec(ports=(PublishedPort(80, 8080, "tcp", "ingress", ""),)),
)
STACK = DesiredStack("shop", (SPEC,), names={"web": "shop_web"}, volumes=(VolumeSpec("more", "shop_more"),))


def made(attachment=None, **changes):
    request = OneOffRequest("web", ContainerChanges(**changes), attachment)
    return one_off_spec(SPEC, request, ("A=1",), STACK, "/home/me")


def test_without_changes_it_is_the_service_without_its_name_and_its_health():
    spec = made()

    assert spec.task.container == replace(OWN, env=("A=1",), container_name="", health=None, stdin_open=True)
    assert not spec.task.has_healthcheck
    assert spec.endpoint == EndpointSpec()


@pytest.mark.parametrize(
    ("changes", "command", "args"),
    [
        ({}, ("/start",), ("serve", "-v")),
        ({"command": ("sh",)}, ("/start",), ("sh",)),
        ({"entrypoint": ("env",)}, ("env",), ()),
        ({"entrypoint": (), "command": ("sh",)}, (), ("sh",)),
    ],
)
def test_another_entrypoint_goes_without_the_services_command(changes, command, args):
    container = made(**changes).task.container

    assert (container.command, container.args) == (command, args)


def test_what_is_said_wins_over_the_service():
    container = made(
        labels={"b": "3", "c": ""},
        user="root",
        working_dir="/",
        volumes=("./src:/data:ro", "more:/more"),
        add_capabilities=("SYS_TIME",),
        drop_capabilities=("CAP_NET_ADMIN",),
    ).task.container

    assert container.labels == {"a": "1", "b": "3", "c": ""}
    assert (container.user, container.working_dir) == ("root", "/")
    assert [(one.type, one.source, one.target, one.read_only) for one in container.mounts] == [
        ("bind", "/home/me/src", "/data", True),
        ("volume", "shop_more", "/more", False),
    ]
    assert container.options == {"CapAdd": ["CAP_SYS_TIME"], "CapDrop": ["CAP_NET_ADMIN"]}


@pytest.mark.parametrize(
    ("changes", "ports", "exposed"),
    [
        ({"publish": ("127.0.0.1:53:54/udp",)}, [(54, 53, "udp", "host", "127.0.0.1")], ("9000/tcp", "54/udp")),
        ({"service_ports": True}, [(80, 8080, "tcp", "host", "")], ("9000/tcp", "80/tcp")),
    ],
)
def test_ports_are_the_containers_own_and_exposed(changes, ports, exposed):
    spec = made(**changes)

    found = [(one.target, one.published, one.protocol, one.mode, one.host_ip) for one in spec.endpoint.ports]
    assert (found, spec.task.container.exposed) == (ports, exposed)


@pytest.mark.parametrize(("attachment", "tty"), [(None, False), (Attachment(), False), (Attachment(tty=True), True)])
def test_it_has_a_terminal_where_the_user_has_one(attachment, tty):
    assert made(attachment).task.container.tty is tty


def test_a_text_that_cannot_be_read():
    with pytest.raises(WrongValueError) as refused:
        made(volumes=("a:b:",))
    assert refused.value.option == "--volume"
