"""The search reports every kind of difference once, with its smallest file, for any peers."""

from typing import NamedTuple

from tests.conformance.dockerfile.search import changed, made_up, search, told
from tests.conformance.dockerfile.trees import general


class Odd(NamedTuple):
    kind: str


def compare(content: bytes) -> list[Odd]:
    """Two kinds: a `|` after `RUN`, and bytes that are not ASCII."""
    kinds = [Odd("pipe")] if b"RUN" in content and b"|" in content.partition(b"RUN")[2] else []
    return [*kinds, Odd("ascii")] if not content.isascii() else kinds


def test_each_kind_has_its_smallest_file() -> None:
    contents = [b"FROM a\nRUN b | c\nRUN d\n", b"FROM a\nRUN b | c | d\nCMD \xff\n", b"FROM a\n"]

    finds = search(contents, compare)

    assert [(find.kind, find.count, find.content) for find in finds] == [("pipe", 2, b"RUN|"), ("ascii", 1, b"\xff")]
    assert [find.content for find in search(contents, compare, smallest=False)] == contents[:2]


def test_finds_are_told() -> None:
    assert told(search([b"RUN a|b"], compare)).splitlines() == ["     1 Odd(kind='pipe')", "         b'RUN|'"]


def test_a_peer_that_answers_by_chance_ends_no_search() -> None:
    answers = iter([[Odd("x")], *[[]] * 100])

    (find,) = search([b"ab"], lambda content: next(answers, []))

    assert (find.kind, find.difference) == ("x", Odd("x"))


def test_seeds_give_the_same_files_ever_after() -> None:
    assert [*made_up(3, 4)] == [*made_up(3, 4)]
    assert [*made_up(3, 4)][1:] == [*made_up(4, 3)]
    assert [*changed(3, 4)][1:] == [*changed(4, 3)]


def test_messages_without_what_is_particular() -> None:
    assert general("dockerfile parse error on line 3: unknown flag: --x (did you mean y?)") == "_: unknown flag: _"
    assert general('failed to process "${A:?it\'s "a"}": A: x') == "failed to process _: A_"
    assert general("invalid containerPort: 70000") == "invalid containerPort_"
