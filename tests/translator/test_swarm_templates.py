"""What a swarm would fill in is never called exact on Kubernetes."""

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.files import Memory
from stackferry.translator import Kind, translate
from stackferry.translator.explanation import explain

STACK = """\
services:
  web:
    image: nginx
    hostname: "{0}"
    environment: {{A: "{0}", B: "[{0}]", PLAIN: x}}
    volumes:
      - data:/data
      - "/srv/{0}:/srv"
      - {{type: volume, source: data, target: "/x/{0}", volume: {{labels: {{s: "{0}"}}}}}}
    labels: {{a: "{0}"}}
    deploy: {{replicas: 3, labels: {{team: a, b: "{0}"}}}}
volumes:
  data: {{name: "data-{0}", driver_opts: {{o: "{0}"}}, labels: {{q: "{0}"}}}}
"""
PLACES = {
    "services.web.hostname",
    "services.web.environment.A",
    "services.web.environment.B",
    "services.web.volumes[1].source",
    "services.web.volumes[2].target",
    "services.web.volumes[2].volume.labels.s",
    "services.web.labels.a",
    "services.web.deploy.labels.b",
    "volumes.data.name",
    "volumes.data.driver_opts.o",
    "volumes.data.labels.q",
}


def noted(template: str) -> tuple[set[str], bool]:
    """The keys with a note about a template, and whether `--strict` is content."""
    text = STACK.format(template)
    files = Memory({"/shop/compose.yaml": text}, cwd="/shop")
    loaded = load(Request(), files=files, environment={})
    translation = translate(loaded.project, files)
    explanation = explain(loaded.keys(), translation)
    notes = [note for note in translation.notes if note.code == "kubernetes-template"]
    assert all(note.kind is Kind.NEEDS_ACTION and note.hint for note in notes)
    return {str(note).partition(": ")[0] for note in notes}, explanation.faithful


@pytest.mark.parametrize(
    "template",
    [
        "{{.Task.Slot}}",
        "{{ .Node.Hostname }}",
        "{{.Service.Name}}.{{.Task.Slot}}.{{.Task.ID}}",
        "{{- .Task.Slot -}}",
        "{{if eq .Task.Slot 1}}a{{else}}b{{end}}",
        "{{printf `%s` .Service.Labels.team}}",
        "{{index .Service.Labels `team`}}",
        "{{.Task.Slott}}",
    ],
)
def test_every_place_that_a_swarm_fills_in(template: str) -> None:
    assert noted(template) == (PLACES, False)


def test_what_a_swarm_makes_other_text_of_without_a_field() -> None:
    assert noted("{{join `-` `a` `b`}}")[0] == PLACES - {"services.web.labels.a", "services.web.deploy.labels.b"}


@pytest.mark.parametrize("text", ["x", "{x}", "{{.Values.x}}", "{{ no such }}", "{{", "}}", "{{/"])
def test_what_is_meant_for_others_stays(text: str) -> None:
    assert noted(text)[0] == set()
