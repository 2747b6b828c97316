"""Every file that converts is accepted by a real API server: all its objects, and their pods."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.files import Disk
from stackferry.translator import Options, translate
from tests.cluster.kube import Kube
from tests.cluster.server import Answer, Object
from tests.conftest import CORPUS

ROOT = Path(__file__).resolve().parents[2]
PARTS = 4
"""The corpus is sent in so many tests, for as many processes."""

REFUSED = {
    # end of a path: (part of what the server says, why that is right)
    "wasmedge-kafka-mysql/compose.yml": ("RuntimeClass", "the runtime must be there; reported as needs action"),
    "wasmedge-mysql-nginx/compose.yml": ("RuntimeClass", "the runtime must be there; reported as needs action"),
}
WARNINGS: dict[str, str] = {
    # part of what the server warns of: why that is right
}


def test_all_fixtures_are_accepted(api: Kube) -> None:
    paths = sorted(
        path
        for folder in ("cluster", "compose", "demo", "kubernetes", "local")
        for path in (ROOT / "fixtures" / folder).rglob("*.y*ml")
        if path.name != "expected.yaml"
    )
    sent = _send(api, paths)

    assert "\n".join(sent.wrong) == ""
    assert sent.stacks > 100


@pytest.mark.corpus
@pytest.mark.parametrize("part", range(PARTS))
def test_the_whole_corpus_is_accepted(api: Kube, part: int) -> None:
    sent = _send(api, sorted((CORPUS / "compose").rglob("*.y*ml"))[part::PARTS])

    assert "\n".join(sent.wrong) == ""
    assert sent.stacks > 100


class _Sent:
    """What came of sending many stacks."""

    def __init__(self) -> None:
        self.stacks = 0
        self.wrong: list[str] = []


def _send(api: Kube, paths: list[Path]) -> _Sent:
    sent = _Sent()
    number = 0
    for number, path in enumerate(paths):
        namespace = f"{api.namespace}-{number}"
        try:
            stack = load(Request(files=(str(path),)), files=Disk(str(path.parent)), environment={})
            project = stack.project
        except SourceError:
            continue
        found = translate(project, Disk(str(path.parent)), Options(namespace=namespace, origin=stack.origin))
        bodies = [dict(one.body) for one in found.objects]
        sent.stacks += 1
        refused = [*_refusals(api, namespace, bodies)]
        known = next((known for end, known in REFUSED.items() if str(path).endswith(end)), None)
        if known and not any(known[0] in one for one in refused):
            sent.wrong.append(f"{path}: it is in REFUSED, and accepted")
        sent.wrong += [f"{path}: {one}" for one in refused if not known or known[0] not in one]
    print(f"{sent.stacks} stacks, {len(sent.wrong)} refusals and warnings")
    return sent


def _refusals(api: Kube, namespace: str, bodies: list[Object]) -> Iterator[str]:
    """What the server says against the objects: dry, for real, and against the pods of their templates."""
    api.server.create_namespace(namespace)
    for dry_run in (True, False):
        for body in bodies:
            yield from _said(body, api.server.apply(body, namespace, dry_run))
    for pod in filter(None, map(_pod, bodies)):
        yield from _said(pod, api.server.apply(pod, namespace, dry_run=True))
    # Node ports and what has no namespace are shared by all; without a controller no namespace ever ends.
    for body in bodies:
        kinds = api.server.kinds(body["apiVersion"])
        if body["kind"] == "Service" or (body["kind"] in kinds and not kinds[body["kind"]][1]):
            api.server.delete(body, namespace)


def _said(body: Object, answer: Answer) -> Iterator[str]:
    where = f"{body['kind']}/{body['metadata']['name']}"
    if answer.refusal:
        yield f"{where} refused: {answer.refusal[:400]}"
    for warning in answer.warnings:
        if not any(part in warning for part in WARNINGS):
            yield f"{where} warning: {warning[:400]}"


def _pod(body: Mapping[str, Object]) -> Object | None:
    """The pod that a workload would make; admission judges pods alone."""
    spec = body.get("spec", {})
    template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get("template")
    if template is None:
        return None
    metadata = {**template.get("metadata", {}), "name": f"{body['metadata']['name'][:50]}-pod"}
    # A StatefulSet's controller adds a volume for each of its claims.
    claims = [one["metadata"]["name"] for one in spec.get("volumeClaimTemplates", ())]
    own = [{"name": name, "persistentVolumeClaim": {"claimName": f"{name}-pod"}} for name in claims]
    volumes = [*template["spec"].get("volumes", ()), *own]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {**template["spec"], "volumes": volumes}}
