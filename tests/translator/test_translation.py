"""Whole stacks: compose file in, manifests and report out, as recorded under fixtures/kubernetes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import kubernetes_validate
import pytest
import yaml

from stackferry.grammar.compose.load import Loaded, Request, load
from stackferry.grammar.files import Disk, Memory
from stackferry.translator import Options, Translation, explain, render_json, render_yaml, translate
from stackferry.translator.options import VERSIONS, Publish
from tests.translator.making import complaints, ids, published, service, translated

CASES = Path(__file__).parents[2] / "fixtures" / "kubernetes"


def translation(folder: Path, **options: Any) -> tuple[Loaded, Translation]:
    files = Disk(str(folder))
    stack = load(Request(), files=files, environment={"PWD": str(folder)})
    return stack, translate(stack.project, files, Options(origin=stack.origin, **options))


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, golden: Callable[[Path, str], None]) -> None:
    stack, found = translation(case)

    assert list(complaints(found)) == []
    golden(case / "expected.yaml", render_yaml(found.objects))
    golden(case / "explain.txt", str(explain(stack.keys(), found)))


def test_versions_are_those_with_published_schemas() -> None:
    assert [minor for minor in published() if minor >= VERSIONS[0]] == list(VERSIONS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("minor", "publish"), [*((minor, "nodeport") for minor in VERSIONS), *((34, way) for way in get_args(Publish)[1:])]
)
def test_every_version_takes_what_is_made_for_it(minor: int, publish: Publish) -> None:
    """With every switch that adds something to the manifests."""
    more = {"publish": publish, "network_policies": True, "unsafe_sysctls": True, "node_roles": True}
    for case in sorted(CASES.iterdir()):
        found = translation(case, kubernetes=minor, copy_up="always", **more)[1]

        assert list(complaints(found, minor)) == [], case.name


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_published_validator_agrees(case: Path) -> None:
    """The validator that users have, on the text that they get; the other tests use its schemas at speed."""
    text = render_yaml(translation(case)[1].objects)

    for body in yaml.safe_load_all(text):
        kubernetes_validate.validate(body, "1.34", strict=True)


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_fates_are_the_same_where_nobody_asks_for_places(case: Path) -> None:
    stack, found = translation(case)
    known = [(row.path, row.kind, row.codes) for row in explain(stack.keys(), found).rows]

    assert [(row.path, row.kind, row.codes) for row in explain(stack.keys(), found, places=False).rows] == known


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_what_is_well_may_be_counted_alone(case: Path) -> None:
    stack, found = translation(case)
    whole = explain(stack.keys(), found, places=False)
    brief = explain(stack.keys(), found, places=False, every_row=False)

    assert brief.rows == tuple(row for row in whole.rows if not row.kind.faithful)
    assert brief.summary() == whole.summary()
    assert sum(whole.counts.values()) == len(whole.rows)


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
