"""ShellCheck's ranges in a text map to the same text in the Dockerfile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.shellcheck.places import Places
from stackferry.grammar.lint.shellcheck.remark import Remark
from tests.grammar.lint.making import facts
from tests.grammar.lint.shellcheck.making import asked, finding, hits


def in_source(places: Places, remark: Remark) -> tuple[int, int] | None:
    place = places.in_script(remark)
    return place and places.in_source(*place)


def marked(text: str, needle: str = "$X") -> list[str]:
    """`line:column text` for each script that has a needle."""
    position = facts(text).source.position
    return [
        f"{position(hit.start).line}:{position(hit.start).column} {text[hit.start : hit.end]}"
        for hit in hits(text, (needle, "SC2086"))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM x\nRUN a $X\n", "2:7 $X"),
        ("FROM x\n  RUN   a $X", "2:11 $X"),
        ("FROM x\nRUN --mount=type=cache,target=/x  a $X", "2:37 $X"),
        ("FROM x\nONBUILD RUN a $X", "2:15 $X"),
        ("FROM x\nRUN a && \\\n    b $X && \\\n    c\n", "3:7 $X"),
        ("FROM x\nRUN \\\n  # why\n\n# why\n    b && \\\n\tc\t$X\n", "7:4 $X"),
        ("FROM x\r\nRUN a && \\\r\n  # why\r\n  b $X\r\n", "4:5 $X"),
        ("# escape=`\nFROM x\nRUN a; `\n  b\\c $X\n", "4:7 $X"),
        ("FROM x\nRUN a 'é→\U0001f600' \udcff $X\n", "2:15 $X"),
        ("\ufeffFROM x\nRUN a $X\n", "2:7 $X"),
        ("\ufeffFROM x\nRUN a\\\n$X\n", "3:1 $X"),
        ("FROM x\nRUN <<EOF\na\n\n\tb $X\nEOF\n", "5:4 $X"),
        ("FROM x\nRUN <<-EOF\n\ta\n\t\tb $X\n\tEOF\n", "4:5 $X"),
        ("FROM x\r\nRUN <<EOF\r\na\r\nb $X\r\nEOF\r\n", "4:3 $X"),
        ("FROM x\nRUN <<A cat - && \\\n  b $X\ntext\nA\n", "3:5 $X"),
        ("FROM x\nRUN cat <<A && <<B b\none\nA\ntwo $X\nB\n", "5:5 $X"),
        ("FROM x\nRUN <<EOF\n#!/bin/bash\na $X\nEOF\n", "4:3 $X"),
        ("FROM x\nENV A='1\\\n2' B=\"x y\"\nRUN a $X\n", "4:7 $X"),
        ("FROM x\nRUN a $\\\nX\n", "2:7 $\\\nX"),
        ("FROM x\nRUN echo \\\n  \\\n  \\\n  $X", "5:3 $X"),
    ],
)
def test_where_a_remark_stands(text, expected) -> None:
    assert marked(text) == [expected]


def test_the_input_of_a_shell_keeps_its_places() -> None:
    assert marked("FROM x\nRUN a && \\\n bash <<'EOF'\n\nb $X\nEOF\n")[-1] == "5:3 $X"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((1, 1, 1, 2), None),
        ((2, 1, 2, 2), None),
        ((3, 1, 3, 2), (11, 12)),
        ((3, 3, 3, 3), (15, 15)),
        ((3, 3, 3, 2), (15, 15)),
        ((3, 99, 3, 99), (18, 18)),
        ((3, 4, 9, 1), (16, 18)),
        ((9, 1, 9, 1), (18, 18)),
    ],
)
def test_points_the_prelude_and_what_is_beyond_the_end(place, expected) -> None:
    (found,) = asked("FROM x\nRUN a;\\\nb c\n")
    assert found.lines == 2
    assert found.script.text == "a;b c"

    assert in_source(Places(found), Remark(*place, "info", "SC1000", "")) == expected


words = st.text(st.sampled_from("ab'\"é→\U0001f600\t;&|"), min_size=1, max_size=4)
breaks = st.sampled_from(["", " ", "\t", " @\n", "@\n", "@ \n  ", " @\n# why\n", " @\n\n\t#why @\n", "@\n@\n "])


@given(
    st.lists(st.tuples(words, breaks), max_size=5), breaks, st.lists(st.tuples(breaks, words), max_size=5), st.data()
)
def test_any_line_of_run(before, inside, after, data) -> None:
    """Also where the marked text itself is continued on another line."""
    escape = data.draw(st.sampled_from("\\`"))
    ending = data.draw(st.sampled_from(["\n", "\r\n"]))
    needle = f"X<{inside}>X"
    body = "".join(map("".join, before)) + needle + "".join(map("".join, after)) + "z"
    head = f"# escape={escape}\nFROM x\nENV A='b c'\nRUN --mount=type=tmpfs,target=/t q"
    text = f"{head}{body}\nRUN other\n".replace("@", escape).replace("\n", ending)
    needle = needle.replace("@", escape).replace("\n", ending)
    (first, *_) = asked(text)
    start = first.text.index("X<")
    sent = first.text[start : first.text.index(">X") + 2]

    (hit,) = hits(text, (sent, "SC2086"))

    assert text[hit.start : hit.end] == needle


@given(st.lists(st.text(st.sampled_from("ab \té→\f\v\r\x85\u2028\U0001f600"), max_size=4), max_size=5), st.booleans())
def test_any_body_of_a_heredoc(lines, chomp) -> None:
    body = "".join(f"{'	' * chomp}{line}\n" for line in (*lines, "c NEEDLE d", *lines))
    text = f"FROM x\nRUN <<{'-' * chomp}EOF\n{body}EOF\nRUN other\n"

    (hit,) = hits(text, ("NEEDLE", "SC2086"))

    assert text[hit.start : hit.end] == "NEEDLE"


def test_many_remarks_in_a_long_script_are_cheap() -> None:
    body = "a $X\n" * 20_000
    (found,) = asked(f"FROM x\nRUN <<EOF\n{body}EOF\n")
    places = Places(found)
    first = finding(found, "$X")

    for line in range(20_000):
        place = in_source(places, first._replace(line=first.line + line, end_line=first.line + line))
        assert place == (17 + 5 * line + 2, 17 + 5 * line + 4)
