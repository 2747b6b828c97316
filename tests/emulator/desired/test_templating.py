"""Templates as swarm expands them: names, functions, payloads; other text stays."""

import pytest

from stackferry.emulator.cluster.container import ContainerSpec, FileMount
from stackferry.emulator.desired.templating import context, expand_payload
from stackferry.grammar.diagnostics import Severity, SourceError, StackferryError
from stackferry.grammar.swarm_template import expand
from tests.emulator.stacks import made, spec_of, task_of

STACK = "name: s\nservices:\n  a:\n    image: a\n    deploy: {labels: {tier: front}}\n"


def data(text: str = STACK, key: str = "a") -> dict[str, object]:
    cluster, task = task_of(spec_of(made(text), key))
    return context(cluster, task, cluster.nodes[task.node_id])


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{.Service.Name}}-{{.Task.Slot}}-{{.Node.Hostname}}", "s_a-2-alpha"),
        ('{{index .Service.Labels "tier"}}', "front"),
        ("{{.Service.ID}} {{.Node.ID}} {{.Task.ID}} {{.Task.Name}}", "serviceid nodeid taskid s_a.2.taskid"),
        ("{{.Node.Platform.OS}}/{{.Node.Platform.Architecture}}", "linux/x86_64"),
        ('{{join "-" .Task.Slot "x"}}', "2-x"),
    ],
)
def test_expand(template: str, text: str) -> None:
    assert expand(template, data()) == text


def test_the_slot_of_a_global_task_is_its_node() -> None:
    found = data("name: s\nservices:\n  a: {image: a, deploy: {mode: global}}\n")

    assert expand("{{.Task.Slot}} {{.Task.Name}}", found) == "nodeid s_a.nodeid.taskid"


CONTAINER = ContainerSpec(
    "a",
    env=("NAME={{.Service.Name}}", "EMPTY="),
    files=(
        FileMount("secret", "s_token", "d", "/run/secrets/token"),
        FileMount("config", "s_conf", "d", "/conf"),
    ),
)


def payload(text: str) -> str:
    return expand_payload(text.encode(), data(), CONTAINER, lambda file: file.key.encode()).decode()


def test_payloads_know_more() -> None:
    text = '{{env "NAME"}}{{env "EMPTY"}} {{secret "token"}} {{secret "/run/secrets/token"}} {{config "conf"}}'

    assert payload(text + " {{.Task.Slot}}") == "s_a s_token s_token s_conf 2"


@pytest.mark.parametrize("text", ['{{env "NOPE"}}', '{{secret "conf"}}', "{{.Nope}}", "{{"])
def test_payloads_fail_with_our_error(text: str) -> None:
    with pytest.raises(StackferryError):
        payload(text)


def test_bytes_are_no_template() -> None:
    with pytest.raises(StackferryError, match="UTF-8"):
        expand_payload(b"\xff", data(), CONTAINER, lambda file: b"")


@pytest.mark.parametrize("value", ["{{ .Values.a }}", "{{", "{{ end }}", '{{ upper "a" 1 }} "quoted" \\'])
def test_what_is_no_template_of_swarms_stays_unless_strict(value: str) -> None:
    text = f"name: s\nservices:\n  a:\n    image: a\n    environment:\n      A: '{value}'\n"
    stack = made(text)
    container = spec_of(stack, "a").task.container
    assert isinstance(container, ContainerSpec)

    assert expand(container.env[0], data()) == f"A={value}"
    assert [(one.code, one.severity) for one in stack.warnings] == [("template", Severity.INFO)]
    with pytest.raises(SourceError) as caught:
        made(text.replace("name: s\n", ""), strict=True)
    assert [one.code for one in caught.value.diagnostics] == ["template"]


def test_mounts_are_looked_at_too() -> None:
    text = "name: s\nservices:\n  a:\n    image: a\n    volumes: ['/h/{{.Task.Slot}}:/a', '/h/{{.Nope}}:/b']\n"
    stack = made(text)
    container = spec_of(stack, "a").task.container
    assert isinstance(container, ContainerSpec)

    assert [expand(mount.source, data()) for mount in container.mounts] == ["/h/2", "/h/{{.Nope}}"]
    assert [(one.code, str(one.span)) for one in stack.warnings] == [("template", "compose.yaml:5:39")]
