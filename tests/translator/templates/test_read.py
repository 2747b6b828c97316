"""One template: text where it is known, fields where only a pod knows the value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.gotemplate import TemplateError
from stackferry.grammar.swarm_template import expand
from stackferry.translator.templates.read import read
from stackferry.translator.templates.template import Field, Template
from tests.translator.making import service

WEB = service(platform="linux/arm64", deploy=Deploy(labels={"team": "blue"}))


def parts(text: str) -> tuple[str | Field, ...] | None:
    found = read(text, WEB, "shop")
    return found.parts if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{.Service.Name}}", ("shop_web",)),
        ("{{.Service.Labels.team}}-x", ("blue-x",)),
        ('{{index .Service.Labels "com.docker.stack.namespace"}}', ("shop",)),
        ("{{.Node.Platform.OS}}/{{.Node.Platform.Architecture}}", ("linux/aarch64",)),
        ("{{.Task.Slot}}", (Field.SLOT,)),
        ("a{{ .Task.Slot }}b", ("a", Field.SLOT, "b")),
        ("a {{- .Task.Slot -}} b", ("a", Field.SLOT, "b")),
        ("{{.Task.Name}}", ("shop_web.", Field.SLOT, ".", Field.TASK)),
        ("{{.Node.Hostname}}{{.Node.ID}}", (Field.NODE, Field.NODE)),
        ('{{if eq .Service.Name "shop_web"}}{{.Task.Slot}}{{end}}', (Field.SLOT,)),
        ('{{join "-" "a" "b"}}', ("a-b",)),
    ],
)
def test_parts(text: str, expected: tuple[str | Field, ...]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '{{if eq .Task.Slot "1"}}first{{end}}',
        '{{printf "%5s" .Task.Slot}}',
        "{{len .Node.Hostname}}",
        "{{with .Task}}{{.Slot}}{{end}}",
        "{{$x := .Task.Slot}}{{$x}}",
        "{{upper (.Node).Hostname}}",
        "{{range .}}x{{end}}",
    ],
)
def test_what_computes_with_a_field_is_not_split(text: str) -> None:
    assert parts(text) is None


def test_what_a_swarm_cannot_fill_in() -> None:
    with pytest.raises(TemplateError):
        parts("{{.Task.Slott}}")


def test_the_id_of_a_service_is_its_name() -> None:
    assert read("{{.Service.ID}}", WEB, "shop") == Template(("shop_web",), by_id=True)


ATOMS = st.sampled_from(
    (
        "{{.Task.Slot}}",
        "{{ .Task.ID -}} ",
        "{{.Node.Hostname}}",
        "{{.Service.Name}}",
        "$",
        "a b",
        "(x)",
        '{{"{{"}}',
        "\n",
    )
)


@given(st.lists(ATOMS, max_size=6).map("".join))
def test_parts_are_what_a_swarm_makes_of_it(text: str) -> None:
    found = read(text, WEB, "shop")
    data = {
        "Service": {"Name": "shop_web", "ID": "", "Labels": {}},
        "Task": {"Slot": "7", "ID": "t", "Name": ""},
        "Node": {"Hostname": "n", "ID": "n", "Platform": {}},
    }
    values = {Field.SLOT: "7", Field.TASK: "t", Field.NODE: "n"}

    assert found is not None
    assert "".join(values[part] if isinstance(part, Field) else part for part in found.parts) == expand(text, data)
