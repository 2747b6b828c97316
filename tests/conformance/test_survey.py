"""The survey and its tables: what counts, the effect of chance, the order."""

import re

from tests.conformance.answer import Answer, Verdict
from tests.conformance.case import Case
from tests.conformance.compare import compare
from tests.conformance.report import ranking, table
from tests.conformance.survey import Outcome, examine

CASE = Case("a", "file", "/", "/")


def accepted(document: object) -> Answer:
    return Answer(Verdict.ACCEPTED, document)


def test_the_table_and_the_ranking_put_the_worst_first() -> None:
    ports = tuple(compare(accepted({"ports": [1]}), accepted({"ports": []})))
    verdict = tuple(compare(accepted({}), Answer(Verdict.REFUSED, error="bad")))
    outcomes = [
        Outcome(CASE, Verdict.ACCEPTED, Verdict.REFUSED, verdict),
        Outcome(CASE, Verdict.ACCEPTED, Verdict.ACCEPTED, ports),
        Outcome(Case("b", "file", "/", "/"), Verdict.ACCEPTED, Verdict.ACCEPTED, ports),
        Outcome(CASE, Verdict.REFUSED, Verdict.REFUSED),
    ]

    assert table(outcomes).splitlines()[1].split() == ["file", "4", "3", "(75.0%)", "3", "0", "(0.0%)"]
    assert [line.split()[:2] for line in ranking(outcomes, 10).splitlines() if re.match(r" +\d", line)] == [
        ["2", "ports[]"],
        ["1", "(verdict)"],
    ]


def test_a_peer_that_contradicts_itself_may_agree_with_us_the_second_time() -> None:
    outcome = examine(CASE, lambda _: accepted({"a": 2}), lambda _: accepted({"a": 1}), lambda _: accepted({"a": 2}))

    assert outcome.same
    assert outcome.unstable


def test_a_peer_that_stays_with_its_answer_is_right() -> None:
    outcome = examine(CASE, lambda _: accepted({"a": 2}), lambda _: accepted({"a": 1}), lambda _: accepted({"a": 1}))

    assert not outcome.same
    assert not outcome.unstable
