"""One comment as a pragma: all forms, and comments that only resemble one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.pragma import FILE, NEXT, STAGE, Misread, Name, Said, checked, said


def names(*texts: str) -> list[str]:
    return list(texts)


@pytest.mark.parametrize(
    ("comment", "tool", "scope", "ids"),
    [
        ("# hadolint ignore=DL3006", "hadolint", NEXT, ["DL3006"]),
        ("#hadolint ignore=DL3006", "hadolint", NEXT, ["DL3006"]),
        ("#\thadolint\tignore=DL3006", "hadolint", NEXT, ["DL3006"]),
        ("# hadolint   ignore = DL3003 ,DL3004", "hadolint", NEXT, ["DL3003", "DL3004"]),
        ("# hadolint ignore=DL3003,SC2086 # why, DL3004", "hadolint", NEXT, ["DL3003", "SC2086"]),
        ("# hadolint ignore=DL3003#why", "hadolint", NEXT, ["DL3003"]),
        ("# hadolint global ignore=DL3003", "hadolint", FILE, ["DL3003"]),
        ("# hadolint  stage  ignore=DL3003", "hadolint", STAGE, ["DL3003"]),
        ("# hadolint ignore=DL3003,", "hadolint", NEXT, ["DL3003"]),
        ("# hadolint ignore=FromAsCasing, own-rule", "hadolint", NEXT, ["FromAsCasing", "own-rule"]),
        ("# hadolint ignore=DL3003 because", "hadolint", NEXT, ["DL3003 because"]),
        ("# hadolint ignore=DL3003 DL3004", "hadolint", NEXT, ["DL3003 DL3004"]),
        ("# stackferry ignore=DL3003", "stackferry", NEXT, ["DL3003"]),
        ("# stackferry ignore=DL3003, own-rule we need it, really", "stackferry", NEXT, ["DL3003", "own-rule"]),
        ("# stackferry ignore=DL3003 # why", "stackferry", NEXT, ["DL3003"]),
        ("# stackferry ignore=DL3003,# why", "stackferry", NEXT, ["DL3003"]),
        ("# stackferry ignore=DL3003#why", "stackferry", NEXT, ["DL3003"]),
        ("# stackferry global ignore=DL3003", "stackferry", FILE, ["DL3003"]),
        ("# stackferry stage ignore=DL3003 why", "stackferry", STAGE, ["DL3003"]),
        ("# check=skip=A,B", "check", FILE, ["A", "B"]),
        ("#check = skip=A", "check", FILE, ["A"]),
        ("# CHECK=skip=A , B", "check", FILE, ["A"]),
        ("# check=error=true", "check", FILE, []),
    ],
)
def test_pragmas(comment, tool, scope, ids):
    found = said(comment)

    assert isinstance(found, Said)
    assert (found.tool, found.scope, [name.text for name in found.names]) == (tool, scope, ids)


@pytest.mark.parametrize(
    "comment",
    [
        "# hadolint ignore: DL3003",
        "# hadolint ignore DL3003",
        "# hadolint: ignore=DL3003",
        "# hadolint:ignore=DL3003",
        "# hadolint disable=DL3003",
        "# Hadolint ignore=DL3003",
        "## hadolint ignore=DL3003",
        "# hadolint file ignore=DL3003",
        "# hadolint ignore=",
        "# stackferry ignore=",
        "# stackferry ignore=# why",
        "# stackferry skip CKV_DOCKER_3",
        "# stackferry ignore own-rule",
    ],
)
def test_what_only_looks_like_a_pragma(comment):
    assert isinstance(said(comment), Misread)


@pytest.mark.parametrize(
    "comment",
    [
        "#",
        "# hadolint",
        "# hadolint is a linter, and we ignore what it says",
        "# hadolint ignores this",
        "# hadolint shell=bash",
        "# Run hadolint ignore=DL3003",
        "# stackferry lint runs in CI",
        "# hadolint ignore rules: see the wiki",
        "# check the signature",
        "# check= ",
        "# checked",
        "# DL3003 is ignored",
    ],
)
def test_what_is_just_a_comment(comment):
    assert said(comment) is None


def test_places():
    found = said("# hadolint ignore=DL3003, SC2086 # why", 100)
    assert isinstance(found, Said)
    assert found.names == (Name("DL3003", 118, 124), Name("SC2086", 126, 132))
    found = said("#  check=skip=A, B;experimental=C", 10)
    assert isinstance(found, Said)
    assert found.names == (Name("A", 24, 25),)
    found = said("#  check=skip=A,B;experimental=C", 10)
    assert isinstance(found, Said)
    assert (found.names, found.experimental) == ((Name("A", 24, 25), Name("B", 26, 27)), (Name("C", 41, 42),))


@pytest.mark.parametrize(
    ("value", "skip", "everything", "experimental", "error"),
    [
        ("skip=A,B", ["A", "B"], False, [], False),
        ("skip=all", [], True, [], False),
        ("skip = A , B ;error = true", ["A", "B"], False, [], True),
        ("error=1;skip=A;experimental=all", ["A"], False, ["all"], True),
        ("error=F", [], False, [], False),
        ("experimental=A,B", [], False, ["A", "B"], False),
        ("skip=", [], False, [], False),
        ("skip=all,B", ["all", "B"], False, [], False),
    ],
)
def test_options_of_check(value, skip, everything, experimental, error):
    found = checked(value)

    assert [name.text for name in found.names] == skip
    assert [name.text for name in found.experimental] == experimental
    assert (found.everything, found.error, found.misread) == (everything, error, ())


@pytest.mark.parametrize("value", ["skip", "skip:A", "foo=A", "error=yes", "skip=A;error=no", ";"])
def test_what_buildkit_cannot_read_says_nothing_but_that(value):
    found = checked(value)

    assert found._replace(misread=()) == Said("check", FILE)
    assert len(found.misread) == 1


COMMENTS = st.lists(
    st.sampled_from(
        [
            "hadolint",
            "stackferry",
            "check",
            "global",
            "stage",
            "ignore",
            "=",
            ",",
            " ",
            "#",
            "DL3003",
            "skip",
            ";",
            "é",
            "\t",
        ]
    ),
    max_size=12,
).map("".join)


@given(COMMENTS | st.text(), st.integers(0, 1000))
def test_any_comment_is_read_and_every_name_stands_in_it(comment, start):
    comment = "#" + comment
    found = said(comment, start)
    named = (*found.names, *found.experimental) if isinstance(found, Said) else ()

    assert all(comment[name.start - start : name.end - start] == name.text for name in named)
