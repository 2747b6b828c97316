"""Every folder of `fixtures/compose` means to us exactly what it means to the real docker compose."""

import pytest

from tests.conformance import ours, peer
from tests.conformance.answer import Verdict
from tests.conformance.case import FIXTURES, Case, fixtures
from tests.conformance.compare import compare
from tests.conformance.known import known
from tests.conformance.survey import examine

MISTAKES = FIXTURES.parent / "mistakes"
CASES = [pytest.param(case, id=case.name) for case in fixtures(FIXTURES)]

MISTAKEN = [
    Case(
        str(path.relative_to(MISTAKES)),
        "mistake",
        str(path.parent),
        str(path.parent),
        (path.name,),
        project_name="shop",
    )
    for path in sorted(MISTAKES.glob("*/*.yaml"))
]

pytestmark = pytest.mark.real


@pytest.mark.parametrize("case", CASES)
def test_the_name_says_what_docker_compose_says(case: Case) -> None:
    expected = {"ok": Verdict.ACCEPTED, "bad": Verdict.REFUSED}[case.name.split("-")[0]]

    answer = peer.ask(case)

    if peer.loader().old and answer.verdict is not expected:
        assert all(map(known, compare(answer, ours.run(case))))
        return
    assert answer.verdict is expected, answer.error


@pytest.mark.parametrize("case", CASES)
def test_we_say_the_same(case: Case) -> None:
    outcome = examine(case)

    assert outcome.same, "\n".join(map(str, outcome.differences))


@pytest.mark.parametrize("case", MISTAKEN, ids=lambda case: case.name)
def test_what_we_call_a_mistake_is_one(case: Case) -> None:
    outcome = examine(case)

    assert outcome.same, "\n".join(map(str, outcome.differences))
