"""The spec that `service create` builds from its flags, without an engine."""

import pytest

from stackferry.deploy.service_creation import NewService, new_spec
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.spec import Mode, ServiceSpec, TaskTemplate
from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.edits.edit import PayloadLookup
from stackferry.session import Session


def made(image="nginx", **asked):
    return new_spec(NewService(image, "services", **asked), PayloadLookup(Session({})))


def test_without_flags():
    assert made() == ServiceSpec("nginx", Mode.REPLICATED, task=TaskTemplate(ContainerSpec("nginx")))


@pytest.mark.parametrize(
    ("image", "name", "expected"),
    [
        ("registry:5000/me/web:1.2", "", "web"),
        ("nginx@sha256:" + "0" * 64, "", "nginx"),
        ("nginx", "it", "it"),
    ],
)
def test_it_is_called_as_its_image_unless_told_otherwise(image, name, expected):
    assert made(image, name=name).name == expected


def test_a_command_is_the_arguments_of_the_image():
    assert made(command=("sleep", "9")).task.container.args == ("sleep", "9")


def test_flags():
    spec = made(mode=Mode.REPLICATED_JOB, flags={"replicas": 3, "env": ["A=1"], "user": "me", "label": None})

    assert (spec.mode, spec.replicas) == (Mode.REPLICATED_JOB, 3)
    assert (spec.task.container.env, spec.task.container.user) == (("A=1",), "me")


@pytest.mark.parametrize("mode", [Mode.GLOBAL, Mode.GLOBAL_JOB])
def test_one_on_each_node_has_no_number(mode):
    with pytest.raises(StackferryError, match="replicas can only be used with"):
        made(mode=mode, flags={"replicas": 0})
