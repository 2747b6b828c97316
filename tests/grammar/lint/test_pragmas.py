"""What a pragma covers, by its place; and the same of the real hadolint on its own findings."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.dockerfile.parse import Dockerfile, parse
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.pragma import NEXT, Name, Said
from stackferry.grammar.lint.pragmas import Pragma, Pragmas, pragmas_in, within
from stackferry.grammar.lint.silencer import Silencer
from tests.grammar.lint.catalogues import catalogue_of, hadolint, needs_hadolint

CATALOGUE = catalogue_of()


def silencer(text: str) -> tuple[Dockerfile, Silencer]:
    dockerfile = parse(Source(text))
    return dockerfile, Silencer(pragmas_in(dockerfile), CATALOGUE)


def silences(found: Silencer, identifier: str, at: int) -> bool:
    return found.kept([(identifier, Hit(at, at + 1, ""))]) == []


def silenced(text: str, identifier: str = "DL3003") -> list[str]:
    """The words X1, X2 … of a text, at which a hit of a rule would be silenced."""
    _, found = silencer(text)
    places = ((word, text.find(word)) for word in (f"X{number}" for number in range(1, 9)))
    return [word for word, at in places if at >= 0 and silences(found, identifier, at)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# hadolint ignore=DL3003\nFROM X1\nRUN X2\n", ["X1"]),
        ("FROM X1\n# hadolint ignore=DL3003\nRUN X2 && \\\n  X3\nRUN X4\n", ["X2", "X3"]),
        ("FROM X1\n# hadolint ignore=DL3003\n# other\nRUN X2\nRUN X3\n", ["X2"]),
        ("FROM X1\n# hadolint ignore=DL3003\n#\n# other\nRUN X2\n", ["X2"]),
        ("FROM X1\n# hadolint ignore=DL3003\n\nRUN X2\n", []),
        ("FROM X1\n# hadolint ignore=DL3003\n   \t\nRUN X2\n", []),
        ("FROM X1\n# hadolint ignore=DL3003\n# other\n\n# more\nRUN X2\n", []),
        ("FROM X1\n# hadolint ignore=DL3003\n# hadolint ignore=DL3004\nRUN X2\n", ["X2"]),
        ("FROM X1\n  # hadolint ignore=DL3003\n  RUN X2\n", ["X2"]),
        ("FROM X1\r\n# hadolint ignore=DL3003\r\nRUN X2\r\nRUN X3\r\n", ["X2"]),
        ("FROM X1\n# hadolint ignore=DL3003\nRUN X2", ["X2"]),
        ("FROM X1\n# hadolint ignore=DL3003\nONBUILD RUN X2\n", ["X2"]),
        ("FROM X1\n# hadolint ignore=DL3003\nRUN <<EOF\nX2\nEOF\nRUN X3\n", ["X2"]),
        ("FROM X1\nRUN X2 && \\\n# hadolint ignore=DL3003\n  X3 && \\\n  X4\nRUN X5\n", ["X3", "X4"]),
        ("FROM X1\nRUN <<EOF\nX2\n  # hadolint ignore=DL3003\nX3\nEOF\nRUN X4\n", ["X3"]),
        ("FROM X1\nCOPY <<EOF /x\n# hadolint ignore=DL3003\nX3\nEOF\nRUN X4\n", []),
        ("FROM X1\nRUN X2 # hadolint ignore=DL3003\n", []),
        ("FROM X1\nRUN X2\n# hadolint ignore=DL3003\n", []),
        ("# hadolint ignore=DL3003\n", []),
        ("FROM X1\nRUN X2\n# hadolint global ignore=DL3003\n", ["X1", "X2"]),
        ("# hadolint global ignore=DL3003\n\nFROM X1\nRUN X2\n", ["X1", "X2"]),
        ("FROM X1\nRUN X2 && \\\n# hadolint global ignore=DL3003\n  X3\n", ["X1", "X2", "X3"]),
        ("# hadolint stage ignore=DL3003\nFROM X1\nRUN X2\nFROM X3\nRUN X4\n", ["X1", "X2"]),
        ("FROM X1\nRUN X2\n# hadolint stage ignore=DL3003\n# other\nFROM X3\nRUN X4\n", ["X3", "X4"]),
        ("FROM X1\nRUN X2\n# hadolint stage ignore=DL3003\n\nFROM X3\nRUN X4\n", []),
        ("FROM X1\nRUN X2\n# hadolint stage ignore=DL3003\n\nRUN X3\nRUN X4\nFROM X5\n", ["X3", "X4"]),
        ("# hadolint stage ignore=DL3003\nARG X1\nFROM X2\nRUN X3\n", []),
        ("# stackferry ignore=DL3003 why\nFROM X1\nRUN X2\n", ["X1"]),
        ("# stackferry global ignore=DL3003 why\nFROM X1\nRUN X2\n", ["X1", "X2"]),
        ("FROM X1\n# hadolint ignore=CKV_DOCKER_7,DL3003\nRUN X2\n", ["X2"]),
        ("FROM X1\n# hadolint ignore=DL300\nRUN X2\n", []),
    ],
)
def test_what_is_covered(text, expected):
    assert silenced(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# check=skip=WorkdirRelativePath\nFROM X1\nRUN X2\n", ["X1", "X2"]),
        ("# syntax=docker/dockerfile:1\n# check=skip=WorkdirRelativePath;error=true\nFROM X1\n", ["X1"]),
        ("# check=skip=all\nFROM X1\n", ["X1"]),
        ("# check=skip=DL3000\nFROM X1\n", ["X1"]),
        ("# check=skip=FromAsCasing\nFROM X1\n", []),
        ("# check=skip=FromAsCasing WorkdirRelativePath\nFROM X1\n", []),
        ("# other\n# check=skip=WorkdirRelativePath\nFROM X1\nRUN X2\n", ["X1"]),
        ("FROM X1\n# check=skip=WorkdirRelativePath\nRUN X2\nRUN X3\n", ["X2"]),
        ("FROM X1\n# check=skip=WorkdirRelativePath why\n# other\n\nRUN X2\n", ["X2"]),
        ("FROM X1\n# check=skip=all\nRUN X2\nRUN X3\n", ["X2"]),
        ("FROM X1\n# check=skip=WorkdirRelativePath\n#\nRUN X2\n", []),
        ("FROM X1\nRUN X2 && \\\n# check=skip=WorkdirRelativePath\n X3\n", []),
        ("FROM X1\n# check=skip=all;foo=bar\nRUN X2\n", []),
    ],
)
def test_what_check_covers(text, expected):
    assert silenced(text, "DL3000") == expected


def test_skip_all_speaks_of_buildkits_checks_only():
    assert silenced("# check=skip=all\nFROM X1\n", "FromAsCasing") == ["X1"]
    assert silenced("# check=skip=all\nFROM X1\n", "DL3003") == []
    assert silenced("# check=skip=all\nFROM X1\n", "SC2086") == []


def test_error_and_experimental():
    found = pragmas_in(
        parse(Source("# check=error=true;experimental=all\nFROM a\n# check=experimental=X\nRUN b\nRUN c\n"))
    )

    assert found.checks_are_errors
    assert [name.text for name, _ in found.experimental()] == ["all", "X"]
    (_, covers), (_, here) = found.experimental()
    assert within([covers], Hit(0, 0, ""))
    assert not within([here], Hit(0, 0, ""))
    assert not pragmas_in(parse(Source("FROM a\n# check=error=true\nRUN b\n"))).checks_are_errors


def unused(text: str, hits: dict[str, str], ran: set[str]) -> list[tuple[str, str]]:
    """The ids that are not used after some hits: rule to the word of the text where it speaks."""
    _, found = silencer(text)
    for identifier, word in hits.items():
        silences(found, identifier, text.find(word))
    return [(name.text, why) for name, why in found.unused(lambda identifier: identifier in ran)]


RANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)


@given(RANGES, st.lists(st.integers(0, 30), max_size=8))
def test_one_walk_finds_what_each_pair_would(ranges, starts):
    said = Said("hadolint", NEXT, (Name("DL3003", 0, 0),))
    found = Silencer(Pragmas(tuple(Pragma(said, covers) for covers in ranges)), CATALOGUE)
    hits = [("DL3003", Hit(start, start, "")) for start in starts]

    kept = [hit.start for _, hit in found.kept(hits)]
    assert kept == [start for start in starts if not any(first <= start < end for first, end in ranges)]
    used = [any(first <= start < end for start in starts) for first, end in ranges]
    assert len(list(found.unused(lambda identifier: True))) == used.count(False)


def test_what_did_nothing():
    text = "FROM a\n# hadolint ignore=DL3003,SC2086,DL3004,CKV_DOCKER_7\nRUN X\n"

    assert unused(text, {"DL3003": "X", "SC2086": "a"}, {"DL3003", "SC2086", "DL3006"}) == [("SC2086", "")]
    assert unused(text, {}, {"DL3006", "DL3007"}) == [("CKV_DOCKER_7", "")]
    assert unused(text, {"DL3007": "X"}, {"DL3006", "DL3007"}) == []
    assert unused(text, {}, set()) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("FROM a\n# hadolint ignore=DL3003\n\nRUN X\n", "a blank line separates it from the instruction below"),
        ("FROM a\n# hadolint ignore=DL3003\n", "no instruction follows"),
        ("# hadolint stage ignore=DL3003\n\nFROM a\n", "a blank line separates it from FROM"),
        ("# hadolint stage ignore=DL3003\nARG a\nFROM a\n", "it is neither directly above FROM nor in a stage"),
        ("FROM a\n# check=skip=DL3003\n#\nRUN X\n", "`# check=` must be above all instructions"),
    ],
)
def test_why_it_did_nothing(text, why):
    assert unused(text, {"DL3003": "X"}, {"DL3003"}) == [("DL3003", why)]


def test_unknown_ids():
    text = (
        "# check=skip=Nonsense,FromAsCasing,InvalidBaseImagePlatform;experimental=all\n"
        "# hadolint ignore=DL9999,DL3005,SC9999,DL1000\nFROM a\n# stackferry ignore=nonsense,unused-pragma\nRUN b\n"
    )
    _, found = silencer(text)
    assert [name.text for name in found.unknown()] == ["Nonsense", "DL9999", "nonsense"]


# The real hadolint: its findings without pragmas, put through ours, are its findings with them.

BODY = "FROM debian\n{0}RUN cd /tmp\n{1}RUN cd /tmp && sudo ls\n{2}FROM debian\n{3}RUN cd /tmp\n"
SAME = [
    ("# hadolint ignore=DL3003\n", "", "", ""),
    ("", "# hadolint ignore=DL3003\n", "", ""),
    ("", "# hadolint ignore=DL3003,DL3004\n", "", ""),
    ("", "# hadolint ignore = DL3003 , SC2164 # why\n", "", ""),
    ("", "# hadolint ignore=DL3003#why\n", "", ""),
    ("", "  #\thadolint\tignore=DL3003\n", "", ""),
    ("", "# hadolint ignore=DL3003\n\n", "", ""),
    ("", "# hadolint ignore=DL3003\n  \n# other\n", "", ""),
    ("", "# hadolint ignore=DL3003 because\n", "", ""),
    ("", "# hadolint ignore=DL3003 DL3004\n", "", ""),
    ("", "# hadolint ignore=dl3003\n", "", ""),
    ("", "# Hadolint ignore=DL3003\n", "", ""),
    ("", "## hadolint ignore=DL3003\n", "", ""),
    ("", "# hadolint ignore: DL3003\n", "", ""),
    ("", "# hadolint ignore=DL9999,DL3003\n", "", ""),
    ("", "# hadolint ignore=DL3005,DL3003\n", "", ""),
    ("", "# hadolint ignore=DL300\n", "", ""),
    ("", "# hadolint ignore=\n", "", ""),
    ("", "", "# hadolint ignore=DL3006\n", ""),
    ("# hadolint global ignore=DL3003,DL3006\n", "", "", ""),
    ("", "", "", "# hadolint global ignore=DL3003\n\n"),
    ("", "# hadolint global  ignore = SC2164 # why\n# hadolint ignore=DL3003\n", "", ""),
    ("", "", "# hadolint stage ignore=DL3003\n", ""),
    ("", "", "# hadolint stage ignore=DL3003\n\n", ""),
    ("# hadolint ignore=DL3003\nENV a=b\n", "", "", ""),
    ("", "", "", "ARG a\n# hadolint ignore=DL3003\nARG b\n"),
    ("", "RUN ls && \\\n  ls\n# hadolint ignore=DL3003\n", "", ""),
    ("", "# hadolint ignore=DL3003\nRUN cd /x && \\\n  cd /y\n", "", ""),
    ("", "# hadolint ignore=DL3003\nONBUILD RUN cd /x\n", "", ""),
    ("", "# hadolint ignore=DL3003\nRUN <<EOF\ncd /x\nEOF\n\n", "", ""),
]
MORE = [
    # Where we silence more: other comments may stand between, several pragmas add up, a stage has its FROM.
    ("", "# hadolint ignore=DL3003\n# other\n", "", ""),
    ("", "# hadolint ignore=DL3003\n# hadolint ignore=DL3004\n", "", ""),
    ("", "", "# hadolint stage ignore=DL3006\n", ""),
    ("", "", "# hadolint stage ignore=DL3003\n# other\n", ""),
    ("# hadolint stage ignore=DL3003\n", "", "", ""),
    ("", "# hadolint ignore=DL3003,\n", "", ""),
    ("", "# hadolint ignore=DL3003,FromAsCasing\n", "", ""),
]


def instructions_at(dockerfile: Dockerfile) -> dict[int, int]:
    """Line to the offset of the instruction there, which is the place that hadolint speaks of."""
    position = dockerfile.source.position
    return {position(instruction.start).line: instruction.start for instruction in dockerfile.instructions}


def compared(folder, lines: tuple[str, ...]) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    text = BODY.format(*lines)
    raw, theirs = hadolint(folder, text, "--disable-ignore-pragma").ids, hadolint(folder, text).ids
    dockerfile, found = silencer(text)
    starts = instructions_at(dockerfile)
    ours = [(line, name) for line, name in raw if not silences(found, name, starts[line])]
    return set(ours), set(theirs)


@pytest.mark.real
@needs_hadolint
@pytest.mark.parametrize("lines", SAME, ids=repr)
def test_the_real_hadolint_silences_the_same(tmp_path, lines):
    ours, theirs = compared(tmp_path, lines)
    assert ours == theirs


@pytest.mark.real
@needs_hadolint
@pytest.mark.parametrize("lines", MORE, ids=repr)
def test_where_the_real_hadolint_silences_less(tmp_path, lines):
    ours, theirs = compared(tmp_path, lines)
    assert ours < theirs


@pytest.mark.real
@pytest.mark.slow
@needs_hadolint
def test_the_real_hadolint_never_silences_more(tmp_path):
    for index in range(4):
        for lines in {*(case[0] for case in SAME), *(case[1] for case in (*SAME, *MORE))}:
            ours, theirs = compared(tmp_path, tuple(lines if place == index else "" for place in range(4)))
            assert ours <= theirs, (index, lines)


LINES = st.sampled_from(
    [
        *("FROM a", "FROM a AS b", "RUN a && \\", "RUN <<A", "A", "", "  ", "#", "# other", "ENV a=b", "ONBUILD RUN x"),
        *("# hadolint ignore=DL3003", "# hadolint global ignore=DL3003", "# hadolint stage ignore=DL3003"),
        *("# stackferry ignore=DL3003 x", "# check=skip=all", "# check=error=true;x", "# hadolint ignore:DL3003"),
    ]
)


def offsets(text: str) -> Iterator[int]:
    yield from range(0, len(text) + 1, max(1, len(text) // 20))


@given(st.lists(LINES, max_size=12).map("\n".join) | st.text())
def test_any_text_has_its_pragmas(text):
    dockerfile, found = silencer(text)
    pragmas = found.pragmas

    assert all(0 <= start <= end <= len(text) + 1 for start, end in (pragma.covers for pragma in pragmas.found))
    for at in offsets(text):
        silences(found, "DL3003", at)
    named = [name for pragma in pragmas.found for name in pragma.said.names]
    assert all(text[name.start : name.end] == name.text for name in named)
    assert dockerfile.source.text == text


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_more_pragmas_silence_more(text):
    """A pragma for the whole file silences every hit, wherever the others stand."""
    _, found = silencer(text + "\n# stackferry global ignore=DL3003\n")
    heredoc = "RUN <<A" in text.splitlines()

    assert heredoc or all(silences(found, "DL3003", at) for at in offsets(text))
