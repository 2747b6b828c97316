"""Order and text of all manifests together."""

import json

import yaml

from stackferry.grammar.compose.model.attachments import FileReference, Port
from stackferry.grammar.compose.model.resources import Config
from stackferry.grammar.compose.model.terms import PortRange
from stackferry.translator import render_json, render_yaml
from tests.translator.making import ids, service, translated

STACK = translated(
    service("web", ports=(Port(target=80, published=PortRange("80")),)),
    service("api", configs=(FileReference("c"),)),
    configs={"c": Config(content="x")},
)


def test_what_others_refer_to_comes_first() -> None:
    assert [each.split("-")[0] if each.startswith("ConfigMap") else each for each in ids(STACK.objects)] == [
        "ConfigMap/c",
        "Service/api",
        "Service/web",
        "Service/web-published",
        "Deployment/api",
        "Deployment/web",
    ]


def test_both_notations_say_the_same() -> None:
    items = json.loads(render_json(STACK.objects))

    assert (items["apiVersion"], items["kind"]) == ("v1", "List")
    assert items["items"] == list(yaml.safe_load_all(render_yaml(STACK.objects)))


def test_keys_come_in_the_usual_order() -> None:
    for manifest in STACK.objects:
        assert list(manifest.body)[:3] == ["apiVersion", "kind", "metadata"]


def test_nothing_is_empty_text() -> None:
    assert render_yaml(()) == ""
