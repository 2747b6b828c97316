"""Env files: notation, quotes, escapes, expansion, order, and the line that an error names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.phases.dotenv import Assigned, EnvFileError, parse, parse_raw

ENVIRONMENT = {"OUT": "outer", "EMPTY": ""}


def read(text: str, known: dict[str, str] | None = None) -> dict[str, str]:
    return {name: one.value for name, one in parse(text, ENVIRONMENT.get, lambda _: None, known).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("\n \n# only a comment\n\t# another", {}),
        ("#", {}),
        ("A=1", {"A": "1"}),
        ("A=1\nB=2\n", {"A": "1", "B": "2"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("\ufeffA=1", {"A": "1"}),
        ("A: 1", {"A": "1"}),
        ("  A  =  1  ", {"A": "1"}),
        ("A=", {"A": ""}),
        ("A=\nB=2", {"A": "", "B": "2"}),
        ("A=1\nA=2", {"A": "2"}),
        ("A=x=y", {"A": "x=y"}),
        ("A=a b  c", {"A": "a b  c"}),
        ("A=1 # note", {"A": "1"}),
        ("A=1#kept", {"A": "1#kept"}),
        ("A='1' # note\nB=2", {"A": "1", "B": "2"}),
        ("export A=1", {"A": "1"}),
        ("export  A=1\nexport B = 2", {"A": "1", "B": "2"}),
        ("exported=1", {"exported": "1"}),
        ("a.b-c[0]=1\nÄ=2", {"a.b-c[0]": "1", "Ä": "2"}),
    ],
)
def test_notation(text: str, expected: dict[str, str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A='$OUT ${OUT} \\n'", "$OUT ${OUT} \\n"),
        ("A='it\\'s'", "it's"),
        ("A=''", ""),
        ('A=""', ""),
        ('A="x # y"', "x # y"),
        ('A="a\nb\nc"', "a\nb\nc"),
        ("A='a\nb'", "a\nb"),
        ('A="a\\nb\\tc"', "a\nb\tc"),
        ('A="say \\"hi\\""', 'say "hi"'),
        ('A="it\'s"', "it's"),
        ('A="\\$OUT"', "$OUT"),
        ('A="\\\\$OUT"', "\\outer"),
        ('A="\\0123"', "S"),
        ('A="\\09"', "\\09"),
        ('A="\\q"', "\\q"),
        ("A=a\\nb", "a\\nb"),
    ],
)
def test_quotes_and_escapes(text: str, expected: str) -> None:
    assert read(text) == {"A": expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=$OUT", "outer"),
        ('A="${OUT}s"', "outers"),
        ("A=$$OUT", "$OUT"),
        ("A=${NO:-x}", "x"),
        ("A=$NO", ""),
        ("B=b\nA=$B", "b"),
        ("A=1\nA=${A}2", "12"),
        ("OUT=inner\nA=$OUT", "outer"),
        ("A=$KNOWN", "known"),
        ("KNOWN=new\nA=$KNOWN", "new"),
    ],
)
def test_expansion(text: str, expected: str) -> None:
    assert read(text, {"KNOWN": "known"})["A"] == expected


def test_a_name_alone_takes_the_environment() -> None:
    assert read("OUT\nNO\nEMPTY\nA=1\n") == {"OUT": "outer", "EMPTY": "", "A": "1"}


def test_lines_are_counted_through_comments_and_long_values() -> None:
    found = parse("# a\n\nA=1\nB='x\ny\nz'\n\nC=3\nOUT\n", ENVIRONMENT.get, lambda _: None)

    assert found == {
        "A": Assigned("1", 3),
        "B": Assigned("x\ny\nz", 4),
        "C": Assigned("3", 8),
        "OUT": Assigned("outer", 9),
    }


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("A=1\nB='x", 2, "the quoted value 'x is not closed"),
        ('\nA="x\ny', 2, 'the quoted value "x is not closed'),
        ("A=1\n\nb c=2", 3, "variable name 'b c' contains a space"),
        ("A=1\n!B=2", 2, "unexpected character '!' in variable name '!B=2'"),
        ("# x\nA=${B", 2, "invalid interpolation format: '${B'"),
        ("A=${NO:?set it}", 1, "required variable NO is missing a value: set it"),
        ("A=1\nexport ", 2, "no variable name after export"),
        ("A=1\n\0\1", 2, "unexpected character '\\x00' in variable name '\\x00\\x01'"),
    ],
)
def test_errors_name_the_line(text: str, line: int, message: str) -> None:
    with pytest.raises(EnvFileError) as caught:
        read(text)
    assert (caught.value.line, str(caught.value)) == (line, message)


def test_unset_variables_are_told() -> None:
    told: list[str] = []
    parse("A=$NO$OUT\nB='$NO2'\n", ENVIRONMENT.get, told.append)

    assert told == ["NO"]


def test_a_doubling_value_stops_before_the_memory_does() -> None:
    with pytest.raises(EnvFileError, match="too long in total"):
        read("A=xxxxxxxxxx\n" + "A=$A$A\n" * 40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1", {"A": "1"}),
        ("A='1' # x", {"A": "'1' # x"}),
        ("A=$OUT \\n", {"A": "$OUT \\n"}),
        ("  A= 1 \r\n#B=2\n\n", {"A": " 1 "}),
        ("OUT\nNO", {"OUT": "outer"}),
        ("A=", {"A": ""}),
        ("\ufeffA=x=y", {"A": "x=y"}),
    ],
)
def test_raw_takes_lines_as_they_are(text: str, expected: dict[str, str]) -> None:
    assert {name: one.value for name, one in parse_raw(text, ENVIRONMENT.get).items()} == expected


@pytest.mark.parametrize("text", ["A=1\n=2", "A=1\nb c=2", "A=1\nb c"])
def test_raw_refuses_what_has_no_name(text: str) -> None:
    with pytest.raises(EnvFileError, match="is empty or contains a space") as caught:
        parse_raw(text, ENVIRONMENT.get)
    assert caught.value.line == 2


LIKELY = st.lists(st.sampled_from([*"AB=:'\"\\$ {}#\n\r\t-.", "export ", "\x85", "\0", "${A:-", "ä", "\\0", "7"])).map(
    "".join
)


@given(LIKELY | st.text())
def test_any_text_is_read_or_refused_with_a_line_of_it(text: str) -> None:
    for read_it in (
        lambda: parse(text, ENVIRONMENT.get, lambda _: None),
        lambda: parse_raw(text, ENVIRONMENT.get),
    ):
        try:
            found = read_it()
        except EnvFileError as error:
            lines = {error.line}
        else:
            lines = {one.line for one in found.values()}
        assert all(1 <= line <= text.count("\n") + 1 for line in lines)
