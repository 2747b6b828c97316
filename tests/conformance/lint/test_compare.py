"""Which findings count as the same, and which differences are deliberate."""

import pytest

from tests.conformance.lint.compare import Place, compare, total
from tests.conformance.lint.found import Found
from tests.conformance.lint.known import BUILDKIT, HADOLINT, KNOWN, ONLY_THEY, ONLY_WE, Known, Where, known, page

FILE = 'FROM debian:12\nUSER "1000" \\\n\nRUN cd /x\n'


def place(line: int) -> Place:
    return {1: Place(1, "FROM debian:12"), 4: Place(4, "RUN cd /x")}.get(line, Place(2, 'USER "1000"'))


def found(rule: str, line: int) -> Found:
    return Found(rule, line, "warning", "text")


def test_the_same_rule_in_the_same_instruction_is_the_same() -> None:
    theirs = [found("DL1", 2), found("DL1", 4), found("DL2", 2)]
    ours = [found("DL1", 3), found("DL1", 4), found("DL2", 4)]

    comparison = compare(HADOLINT, "a", FILE, theirs, ours, place)

    assert comparison.both == {"DL1": 2}
    assert [(one.side, one.found.rule, one.found.line) for one in comparison.differences] == [
        (ONLY_THEY, "DL2", 2),
        (ONLY_WE, "DL2", 4),
    ]
    assert comparison.rules == ["DL1", "DL2"]
    assert comparison.share(excused=False) == 0.5


def test_a_finding_counts_once_in_an_instruction() -> None:
    comparison = compare(HADOLINT, "a", FILE, [found("DL1", 2)], [found("DL1", 2), found("DL1", 3)], place)

    assert comparison.both == {"DL1": 1}
    assert comparison.differences == ()


def test_what_is_meant_does_not_count() -> None:
    comparison = compare(HADOLINT, "a", FILE, [found("DL3066", 2), found("DL3003", 4)], [found("DL3003", 4)], place)

    (difference,) = comparison.differences
    assert difference.known is not None
    assert (comparison.share(excused=False), comparison.share(excused=True)) == (0.5, 1.0)
    assert str(difference) == "a:2 only they DL3066 text"


def test_the_same_of_the_other_peer_or_side_is_not_meant() -> None:
    where = Where('USER "1000"', FILE)

    assert known(HADOLINT, ONLY_THEY, found("DL3066", 2), where)
    assert not known(HADOLINT, ONLY_WE, found("DL3066", 2), where)
    assert not known(BUILDKIT, ONLY_THEY, found("DL3066", 2), where)
    assert not known(HADOLINT, ONLY_THEY, found("DL3066", 2), Where("USER a", "FROM a\nUSER a\n"))


def test_many_files_are_one() -> None:
    first = compare(HADOLINT, "a", FILE, [found("DL1", 2)], [found("DL1", 2)], place)
    second = compare(HADOLINT, "b", FILE, [found("DL1", 2)], [], place)

    whole = total([first, second])

    assert whole.both == {"DL1": 1}
    assert [str(difference) for difference in whole.of("DL1", ONLY_THEY)] == ["b:2 only they DL1 text"]
    assert total([]).share(excused=True) == 1.0


def test_the_page_has_every_entry() -> None:
    text = page()

    assert all(entry.reason in text for entry in KNOWN)
    assert all(issue in text for entry in KNOWN for issue in entry.issues)
    assert "| DL3006, DL3007 |" in text


@pytest.mark.parametrize("entry", KNOWN, ids=lambda entry: f"{entry.peer}-{entry.rules}-{entry.side}")
def test_an_entry_has_a_reason_and_an_example(entry: Known) -> None:
    assert entry.reason.endswith(".")
    assert "not yet" not in entry.reason
    assert entry.example
