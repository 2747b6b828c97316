"""Env files: their variables come through `envFrom`, with the same meaning as in compose."""

import base64
import re
from typing import Any

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.files import Memory
from stackferry.translator import Options, Translation, explain, render_yaml, translate
from stackferry.translator.volumes.configmap import CONFIGMAP_LIMIT
from tests.translator.making import HERE, body_of, complaints, container, ids

WEB = "services:\n  web:\n    image: nginx:1\n"


def converted(text: str, cwd: str = HERE, **variables: str) -> Translation:
    """The translation of `text`, with a file for each of `variables`: `a="X=1"` is `a.env`."""
    files = Memory({f"{HERE}/compose.yaml": text}, cwd)
    files.files.update({f"{HERE}/{name}.env": content.encode() for name, content in variables.items()})
    stack = load(Request(files=(f"{HERE}/compose.yaml",)), files=files, environment={})
    found = translate(stack.project, files, Options(origin=stack.origin))
    assert list(complaints(found)) == []
    return found


def brought(found: Translation, service: str = "web") -> dict[str, str]:
    """What `envFrom` brings: later sources win."""
    values: dict[str, str] = {}
    for source in container(found, f"Deployment/{service}").get("envFrom", []):
        if "configMapRef" in source:
            values |= body_of(found, f"ConfigMap/{source['configMapRef']['name']}")["data"]
        else:
            data = body_of(found, f"Secret/{source['secretRef']['name']}")["data"]
            values |= {key: base64.b64decode(value).decode() for key, value in data.items()}
    return values


def listed(found: Translation, service: str = "web") -> dict[str, Any]:
    """What `env` says, which beats `envFrom`."""
    return {each["name"]: each.get("value") for each in container(found, f"Deployment/{service}").get("env", [])}


def test_later_file_beats_earlier_and_environment_beats_both() -> None:
    found = converted(
        f"{WEB}    env_file: [a.env, b.env]\n    environment: {{C: '3', D: '4'}}\n",
        a="A=1\nB=1\nC=1\n",
        b="B=2\nC=2\nE=\n",
    )

    assert brought(found) == {"A": "1", "B": "2", "E": ""}
    assert listed(found) == {"C": "3", "D": "4"}


def test_environment_wins_even_with_the_same_value() -> None:
    found = converted(f"{WEB}    env_file: a.env\n    environment: [A=1]\n", a="A=1\n")

    assert brought(found) == {}
    assert listed(found) == {"A": "1"}
    assert ids(found.objects) == ["Service/web", "Deployment/web"]


def test_what_looks_secret_goes_into_a_secret_and_nowhere_else() -> None:
    found = converted(f"{WEB}    env_file: a.env\n", a="DB_PASSWORD=hunter2\nPLAIN=x\nURL=amqp://me:hunter2@mq/\n")
    text = render_yaml(found.objects)
    sources = container(found)["envFrom"]

    assert [next(iter(source)) for source in sources] == ["configMapRef", "secretRef"]
    assert brought(found) == {"PLAIN": "x", "DB_PASSWORD": "hunter2", "URL": "amqp://me:hunter2@mq/"}
    assert body_of(found, f"ConfigMap/{sources[0]['configMapRef']['name']}")["data"] == {"PLAIN": "x"}
    assert "hunter2" not in text
    assert "hunter2" not in str(found.notes)


def test_secrets_of_environment_and_of_files_are_two_objects() -> None:
    found = converted(f"{WEB}    env_file: a.env\n    environment: {{API_TOKEN: t}}\n", a="DB_PASSWORD=p\n")

    assert brought(found) == {"DB_PASSWORD": "p"}
    assert [re.sub("-[0-9a-f]{10}$", "", each) for each in ids(found.objects)] == [
        "Secret/web-env",
        "Secret/web-env-file",
        "Service/web",
        "Deployment/web",
    ]


@pytest.mark.parametrize("name", ["1ST", "a/b", "..a", ".", "x" * 254])
def test_names_that_envfrom_passes_over_stay_in_env(name: str) -> None:
    found = converted(f"{WEB}    env_file: [{{path: a.env, format: raw}}]\n", a=f"{name}=x\nB=y\n")

    assert listed(found) == {name: "x"}
    assert brought(found) == {"B": "y"}


@pytest.mark.parametrize("name", ["a.b", "a-b", "_A", ".a"])
def test_names_that_it_takes(name: str) -> None:
    found = converted(f"{WEB}    env_file: [{{path: a.env, format: raw}}]\n", a=f"{name}=x\n")

    assert brought(found) == {name: "x"}


def test_values_that_look_like_references_stay_as_they_are() -> None:
    """Kubernetes expands `$(A)` in `env`, and never what `envFrom` brings."""
    found = converted(
        f"{WEB}    env_file: [{{path: a.env, format: raw}}]\n    environment: {{B: '$$(A)'}}\n", a="A=$(B) $$\n"
    )

    assert brought(found) == {"A": "$(B) $$"}
    assert listed(found) == {"B": "$$(A)"}


def test_services_that_share_a_file_have_an_object_each() -> None:
    found = converted(f"{WEB}    env_file: a.env\n  api:\n    image: x:1\n    env_file: a.env\n", a="A=1\n")
    names = [name for name in ids(found.objects) if name.startswith("ConfigMap/")]

    assert brought(found) == brought(found, "api") == {"A": "1"}
    assert [name.rpartition("-")[0] for name in names] == ["ConfigMap/api-env-file", "ConfigMap/web-env-file"]


def test_a_change_rolls_the_pods_and_the_same_again_does_not() -> None:
    text = f"{WEB}    env_file: a.env\n"
    first, changed, again = (converted(text, a=content) for content in ("A=1\nB=2\n", "A=1\nB=3\n", "B=2\nA=1\n"))

    assert container(first)["envFrom"] != container(changed)["envFrom"]
    assert render_yaml(first.objects) == render_yaml(again.objects)


@pytest.mark.parametrize("files", ["[a.env]", "[{path: gone.env, required: false}]"])
def test_empty_and_missing_files_make_nothing(files: str) -> None:
    found = converted(f"{WEB}    env_file: {files}\n", a="# nothing\n")

    assert ids(found.objects) == ["Service/web", "Deployment/web"]
    assert not {"env", "envFrom"} & set(container(found))


@pytest.mark.parametrize("cwd", [HERE, "/home/me", "/home/me/shop/deep", "/elsewhere"])
def test_from_any_folder(cwd: str) -> None:
    """A place names its file as seen from where one is."""
    found = converted(f"{WEB}    env_file: ./x/../a.env\n", cwd, a="A=1\n")

    assert brought(found) == {"A": "1"}


def test_file_that_came_through_extends() -> None:
    found = converted(
        f"{WEB}    extends: base\n    environment: {{B: own}}\n  base:\n    image: x:1\n    env_file: a.env\n",
        a="A=1\nB=2\n",
    )

    assert brought(found) == {"A": "1"}
    assert listed(found) == {"B": "own"}


def test_more_than_a_configmap_holds_stays_in_env() -> None:
    found = converted(f"{WEB}    env_file: [{{path: a.env, format: raw}}]\n", a=f"A={'x' * CONFIGMAP_LIMIT}\nB=y\n")

    assert brought(found) == {}
    assert [*listed(found)] == ["A", "B"]


def test_text_with_nul_stays_in_env() -> None:
    """A ConfigMap keeps it where `envFrom` does not look."""
    found = converted(f"{WEB}    env_file: [{{path: a.env, format: raw}}]\n", a="A=x\0y\nB=y\n")

    assert listed(found) == {"A": "x\0y"}
    assert brought(found) == {"B": "y"}


def test_without_places_all_is_env() -> None:
    """A model that was made by hand says of no variable that it came from a file."""
    files = Memory({"compose.yaml": f"{WEB}    env_file: a.env\n", "a.env": "A=1\n"}, HERE)
    found = translate(load(Request(), files=files, environment={}).project, files)

    assert listed(found) == {"A": "1"}


def test_explain_says_where_each_went() -> None:
    files = Memory(
        {
            "compose.yaml": f"{WEB}    env_file: a.env\n    environment: {{B: x}}\n",
            "a.env": "A=1\nB=2\na.b=3\nTOKEN=t\n",
        },
        HERE,
    )
    stack = load(Request(), files=files, environment={})
    found = translate(stack.project, files, Options(origin=stack.origin))
    rows = {row.key.removeprefix("services.web."): row for row in explain(stack.keys(), found).rows}
    places = {
        key.removeprefix("environment."): re.sub("-[0-9a-f]{10} ", " ", " ".join(row.places))
        for key, row in rows.items()
        if key.startswith("environment.")
    }

    assert places == {
        "B": "Deployment/web spec.template.spec.containers[0].env[0]",
        "A": "ConfigMap/web-env-file data.A",
        "a.b": 'ConfigMap/web-env-file data["a.b"]',
        "TOKEN": "Secret/web-env-file data.TOKEN",
    }
    assert str(rows["environment.A"].span) == "a.env:1:1"
    assert rows["environment.A"].why == "from an env file, so it is put into a ConfigMap"
    assert rows["env_file[0]"].why.startswith("resolved while loading: its variables are in a ConfigMap")
