"""Other people's compose files mean to us what they mean to the real docker compose."""

import pytest

from tests.conformance.case import CORPUS, corpus
from tests.conformance.report import ranking, table
from tests.conformance.survey import rows, survey

SAME_VERDICT = 0.95
SAME_JSON = 0.85
KINDS = ("file", "merged", "profiles")
"""The rows that are always tested; `make conformance` has them all."""


@pytest.mark.corpus
@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no ../shared/corpus/compose here")
def test_the_corpus_agrees() -> None:
    outcomes = survey(case for case in corpus(CORPUS) if case.kind in KINDS)

    print(table(outcomes))
    for row in rows(outcomes):
        assert row.verdict_share >= SAME_VERDICT, ranking(outcomes, 10)
        assert row.json_share >= SAME_JSON, ranking(outcomes, 10)
