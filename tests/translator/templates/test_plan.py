"""Swarm's templates are expanded, left to the pod, or reported; none is called exact and left as it is."""

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.files import Memory
from stackferry.translator import Kind, Translation, translate
from stackferry.translator.report.explanation import explain
from tests.translator.making import container, note, service, translated

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
LEFT = {
    "services.web.volumes[2].volume.labels.s",
    "services.web.labels.a",
    "services.web.deploy.labels.b",
    "volumes.data.driver_opts.o",
    "volumes.data.labels.q",
}
"""Where nothing is filled in, whatever the template."""
PLACES = LEFT | {
    "services.web.hostname",
    "services.web.environment.A",
    "services.web.environment.B",
    "services.web.volumes[1].source",
    "services.web.volumes[2].target",
    "volumes.data.name",
}


def noted(template: str) -> tuple[set[str], Translation]:
    """The keys with a note that somebody has to act."""
    text = STACK.format(template)
    files = Memory({"/shop/compose.yaml": text}, cwd="/shop")
    loaded = load(Request(), files=files, environment={})
    translation = translate(loaded.project, files)
    notes = [note for note in translation.notes if note.code == "kubernetes-template"]
    left = {str(note).partition(": ")[0] for note in notes if note.kind is Kind.NEEDS_ACTION}
    assert not (left and explain(loaded.keys(), translation).faithful)
    return left, translation


@pytest.mark.parametrize("template", ["{{if eq .Task.Slot 1}}a{{else}}b{{end}}", "{{.Task.Slott}}", "{{len .Node.ID}}"])
def test_what_cannot_be_filled_in_needs_action_everywhere(template: str) -> None:
    assert noted(template)[0] == PLACES


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{.Service.Name}}", "shop_web"),
        ("{{printf `%s` .Service.Labels.team}}", "a"),
        ("{{.Node.Platform.OS}}", "linux"),
    ],
)
def test_what_is_known_is_filled_in(template: str, text: str) -> None:
    places, translation = noted(template)

    web = translation.project.services["web"]
    assert places == LEFT
    assert (web.hostname, web.environment["B"], web.volumes[2].target) == (text, f"[{text}]", f"/x/{text}")
    assert translation.project.volumes["data"].name == f"data-{text}"


def test_what_a_swarm_makes_other_text_of_without_a_field() -> None:
    assert noted("{{join `-` `a` `b`}}")[0] == LEFT - {"services.web.labels.a", "services.web.deploy.labels.b"}


def test_a_slot_is_filled_in_but_for_the_place_of_a_mount_and_the_host_name() -> None:
    assert noted("{{.Task.Slot}}")[0] == LEFT | {"services.web.hostname", "services.web.volumes[2].target"}


def test_a_node_is_known_to_variables_alone() -> None:
    assert PLACES - noted("{{.Node.Hostname}}")[0] == {"services.web.environment.A", "services.web.environment.B"}


@pytest.mark.parametrize("text", ["x", "{x}", "{{.Values.x}}", "{{ no such }}", "{{", "}}", "{{/"])
def test_what_is_meant_for_others_stays(text: str) -> None:
    assert noted(text)[0] == set()


def test_the_name_that_a_swarm_gives_a_service_is_another_one_where_it_is_a_host() -> None:
    found = translated(service(environment={"URL": "http://{{.Service.Name}}:80/", "NAME": "{{.Service.Name}}"}))

    assert [entry["value"] for entry in container(found)["env"]] == ["http://web:80/", "shop_web"]
    assert note(found, "rewritten").path[-1] == "URL"
