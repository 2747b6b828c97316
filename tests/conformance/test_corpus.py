"""Compose files of the corpus mean to us what they mean to the real docker compose."""

import pytest

from tests.conformance import peer
from tests.conformance.case import CORPUS, corpus
from tests.conformance.report import ranking, table
from tests.conformance.survey import rows, survey

SAME = 1.0
SAME_TO_OLDER = 0.95
"""Docker compose 2.40.3 differs in more than what its own list names."""
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
        least = SAME_TO_OLDER if peer.loader().old else SAME
        assert row.verdict_share >= least, ranking(outcomes, 10)
        assert row.json_share >= least, ranking(outcomes, 10)
