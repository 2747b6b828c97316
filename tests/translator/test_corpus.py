"""Every corpus file that loads becomes manifests valid for Kubernetes, and every key of it is accounted for."""

from pathlib import Path

import pytest

from stackferry.grammar.compose.load import Loaded, Request, load
from stackferry.grammar.compose.tree.node import plain
from stackferry.grammar.diagnostics import SourceError
from stackferry.grammar.files import Disk
from stackferry.translator import Options, explain, render_yaml, translate
from stackferry.translator.fates import fate_of
from stackferry.translator.options import VERSIONS
from stackferry.translator.report.explanation import DEFAULT
from tests.conftest import CORPUS
from tests.translator.making import complaints

pytestmark = [pytest.mark.corpus, pytest.mark.slow]

SAME_BY_ITSELF = {
    "services.*.ipc": {"private", "shareable"},
    "services.*.network_mode": {"bridge", "default"},
    "services.*.ports[].mode": {"ingress"},
}
"""Values for which there is rightly nothing to write, beside empty and false ones."""


def stacks() -> list[tuple[Path, Loaded]]:
    """What loads, with nothing in the environment."""
    found = []
    for path in sorted((CORPUS / "compose").rglob("*.y*ml")):
        try:
            stack = load(Request(files=(str(path),)), files=Disk(str(path.parent)), environment={})
            _ = stack.project
        except SourceError:
            continue
        found.append((path, stack))
    return found


def test_all_manifests_are_valid_and_all_keys_accounted_for() -> None:
    loaded = stacks()
    wrong: list[str] = []
    for path, stack in loaded:
        found = translate(stack.project, Disk(str(path.parent)), Options(origin=stack.origin))
        again = translate(stack.project, Disk(str(path.parent)), Options(origin=stack.origin))
        wrong += [f"{path}: {complaint}" for complaint in complaints(found)]
        for minor in (VERSIONS[0], VERSIONS[-1]):
            options = Options(origin=stack.origin, kubernetes=minor)
            made = translate(stack.project, Disk(str(path.parent)), options)
            wrong += [f"{path}: 1.{minor}: {complaint}" for complaint in complaints(made, minor)]
        assert render_yaml(found.objects) == render_yaml(again.objects)
        for row in explain(stack.keys(), found).rows:
            if row.span is None:
                wrong.append(f"{path}: {row.key} stands nowhere")
            if row.why == DEFAULT and not _is_default(stack, row.path):
                wrong.append(f"{row.span}: {row.key} is called exact but went nowhere")

    print(f"{len(loaded)} stacks, {len(wrong)} complaints")
    assert wrong == []
    assert len(loaded) > 400


def _is_default(stack: Loaded, path: tuple[str | int, ...]) -> bool:
    node, known = stack.tree.at(path), fate_of(path)
    value = plain(node) if node else None
    if not value or known is None:
        return True
    if known[1] == "services.*.healthcheck.start_interval":
        # Without a start period, Docker never uses it either.
        period = stack.tree.at((*path[:-1], "start_period"))
        return period is None or not plain(period)
    return value in SAME_BY_ITSELF.get(known[1], ())
