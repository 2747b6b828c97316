"""The desired state of whole stacks: golden cases, refusals all at once, order, the corpus."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stackferry.emulator.desired.explanation import explain
from stackferry.emulator.desired.stack import DesiredOptions, desired
from stackferry.emulator.fates import TABLE
from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.diagnostics import SourceError, StackferryError
from stackferry.grammar.files import Disk
from tests.conftest import CORPUS, ROOT
from tests.emulator.stacks import case, made

CASES = sorted(path for path in (ROOT / "fixtures" / "local").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_case(folder: Path, golden: Callable[[Path, str], None]) -> None:
    stack, files = case(folder.name)
    found = desired(
        stack.project, files, stored=lambda kind, name: b"stored", options=DesiredOptions(origin=stack.origin)
    )

    golden(folder / "specs.txt", str(found))


def test_services_come_after_what_they_depend_on() -> None:
    text = "name: s\nservices:\n  a: {image: a, depends_on: [b]}\n  b: {image: b, depends_on: [c]}\n  c: {image: c}\n"

    assert [spec.name for spec in made(text).services] == ["s_c", "s_b", "s_a"]


def test_all_refusals_at_once_with_their_places() -> None:
    text = """\
name: s
services:
  a:
    image: a
    secrets: [gone]
    deploy:
      mode: replicate
      restart_policy: {condition: sometimes}
      placement: {constraints: [node.role=manager]}
  b:
    image: b
    ports: ["80:80"]
    deploy: {endpoint_mode: dnsrr, update_config: {failure_action: panic}}
secrets:
  gone: {file: ./gone.txt}
"""
    with pytest.raises(SourceError) as caught:
        made(text)

    assert {(one.code, str(one.span)) for one in caught.value.diagnostics} == {
        ("secret-unreadable", "compose.yaml:15:16"),
        ("mode", "compose.yaml:7:13"),
        ("restart-condition", "compose.yaml:8:35"),
        ("constraint", "compose.yaml:9:33"),
        ("failure-action", "compose.yaml:13:68"),
        ("dnsrr-ingress", "compose.yaml:12:12"),
    }


def test_secrets_stand_in_no_text() -> None:
    text = "name: s\nservices:\n  a: {image: a, secrets: [p]}\nsecrets:\n  p: {environment: P}\n"
    stack = made(text, P="hunter2")

    assert stack.contents == {("secret", "s_p"): b"hunter2"}
    assert "hunter2" not in str(stack) + repr(stack)


def test_what_is_not_supported_is_said() -> None:
    hooks, build = "    models: {m: {}}\n", "    umask: 0\n"
    stack = made(f"name: s\nservices:\n  a:\n    image: a\n{hooks}{build}models: {{m: {{model: x}}}}\n")

    assert [(one.code, str(one.span)) for one in stack.warnings] == [
        ("not-yet", "compose.yaml:5:13"),
        ("not-yet", "compose.yaml:6:12"),
    ]


@pytest.mark.corpus
@pytest.mark.slow
def test_the_corpus_is_desired_or_refused() -> None:
    """No exception but ours, the same twice, and every key of it accounted for."""
    fine, wrong = 0, []
    for path in sorted((CORPUS / "compose").rglob("*.y*ml")):
        for strict in (False, True):
            try:
                stack = load(Request(files=(str(path),)), files=Disk(str(path.parent)), environment={})
                options = DesiredOptions(strict_swarm=strict, origin=stack.origin)
                found = desired(stack.project, Disk(str(path.parent)), stored=lambda *_: b"", options=options)
            except StackferryError:
                continue
            again = desired(stack.project, Disk(str(path.parent)), stored=lambda *_: b"", options=options)
            assert str(again) == str(found)
            fine += not strict
            wrong += [f"{path}: {row.key}" for row in explain(stack.keys(), stack.project, found).rows if not row.why]
            wrong += [f"{path}: {key}" for key, _ in tuple(stack.keys()) if TABLE.fate_of(key) is None]

    assert wrong == []
    assert fine > 100
