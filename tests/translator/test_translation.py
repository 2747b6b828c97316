"""Whole stacks: compose file in, manifests and the report on every key out, as written under fixtures/kubernetes."""

from collections.abc import Callable
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from stackferry.grammar.compose.load import Loaded, Request, load
from stackferry.grammar.files import Disk, Memory
from stackferry.translator import Options, Translation, explain, render_json, render_yaml, translate
from tests.translator.making import complaints, ids, service, translated

CASES = Path(__file__).parents[2] / "fixtures" / "kubernetes"


def translation(folder: Path) -> tuple[Loaded, Translation]:
    files = Disk(str(folder))
    stack = load(Request(), files=files, environment={"PWD": str(folder)})
    return stack, translate(stack.project, files, Options(origin=stack.origin))


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, golden: Callable[[Path, str], None]) -> None:
    stack, found = translation(case)

    assert list(complaints(found)) == []
    golden(case / "expected.yaml", render_yaml(found.objects))
    golden(case / "explain.txt", str(explain(stack.keys(), found)))


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_published_validator_agrees(case: Path) -> None:
    """The validator that users have, on the text that they get; the other tests use its schemas at speed."""
    text = render_yaml(translation(case)[1].objects)

    for body in yaml.safe_load_all(text):
        kubernetes_validate.validate(body, "1.34", strict=True)


def test_same_input_same_bytes(tmp_path: Path) -> None:
    """Also from another folder: nothing of the machine gets into a manifest."""
    import shutil

    elsewhere = tmp_path / "deep" / "down"
    shutil.copytree(CASES / "files", elsewhere)

    texts = {render_json(translation(folder)[1].objects) for folder in (CASES / "files", elsewhere)}
    assert len(texts) == 1


def test_namespace_is_on_everything_and_created() -> None:
    found = translated(service(), options=Options(namespace="demo"))

    assert ids(found.objects) == ["Namespace/demo", "Service/web", "Deployment/web"]
    assert [one.body["metadata"].get("namespace") for one in found.objects] == [None, "demo", "demo"]


def test_empty_stack() -> None:
    assert translated(files=Memory({})).objects == ()
