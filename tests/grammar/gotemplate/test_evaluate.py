"""Go templates: what Go prints, checked by hand against text/template's documentation and tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.gotemplate import TemplateError, parse, render


@dataclass(frozen=True)
class Node:
    Hostname: str
    Cpus: int = 2
    _hidden: str = "no"

    @property
    def Short(self) -> str:  # noqa: N802
        return self.Hostname[:2]

    def method(self) -> str:
        return "never"


DATA: Mapping[str, Any] = {
    "Name": "web",
    "Service": {"Name": "shop_web", "Labels": {"a-b": "x", "tier": "front"}},
    "Task": {"Slot": 3, "Share": 0.5},
    "Node": Node("alpha"),
    "List": ["a", "b", "c"],
    "Numbers": [3, 1, 2],
    "Empty": [],
    "Map": {"b": 2, "a": 1},
    "Yes": True,
    "No": False,
    "Nil": None,
    "Label": lambda key: {"tier": "front"}.get(key, ""),
    "Now": lambda: "today",
}

CASES = {
    # text and fields
    "plain": "plain",
    "{ } }} {": "{ } }} {",
    "{{.Name}}": "web",
    "a {{ .Service.Name }} b": "a shop_web b",
    "{{.Node.Hostname}}/{{.Node.Short}}": "alpha/al",
    "{{.Task.Slot}} {{.Task.Share}}": "3 0.5",
    "{{.Yes}} {{.Nil}}": "true <no value>",
    "{{.List}} {{.Map}} {{.Node}}": "[a b c] map[a:1 b:2] {alpha 2}",
    "{{$.Name}}": "web",
    "{{.Now}} {{.Label `tier`}} {{`tier` | .Label}}": "today front front",
    # trims and comments
    "a  {{- .Name -}}  b": "awebb",
    "a {{- /* none */ -}} b{{/* c */}}": "ab",
    "{{- 3 -}}": "3",
    "{{-3}}": "-3",
    "a\n{{- if .Yes }}\n x\n{{- end }}\n": "a\n x\n",
    # literals
    '{{"a\\n\\x41\\u00e9\\""}}': 'a\nAé"',
    "{{`a}}\\n`}}": "a}}\\n",
    "{{'a'}} {{0x1F}} {{017}} {{1e3}} {{1.50}} {{-2}}": "97 31 15 1000 1.5 -2",
    "{{1e21}} {{0.00001}} {{123456789.0}}": "1e+21 1e-05 1.23456789e+08",
    "{{true}} {{false}}": "true false",
    '{{"{{"}}': "{{",
    # pipelines
    "{{.Name | upper}}": "WEB",
    '{{.Name | printf "%s-%s" "a"}}': "a-web",
    "{{len (index .List 0)}} {{(index .List 1)}}": "1 b",
    "{{(.Service).Labels.tier}}": "front",
    # functions
    '{{index .Service.Labels "a-b"}}{{index .Service.Labels "none"}}': "x",
    '{{join .List ","}} {{split "a,b" ","}}': "a,b,c [a b]",
    "{{upper .Name}} {{lower `ABC`}} {{title `hello big-world`}}": "WEB abc Hello Big-World",
    "{{json .Service}}": '{"Labels":{"a-b":"x","tier":"front"},"Name":"shop_web"}',
    "{{json .Node}} {{json `<é>`}} {{json .Nil}}": '{"Hostname":"alpha","Cpus":2} "<é>" null',
    "{{pad .Name 2 1}}|{{truncate .Name 2}}|{{pad `` 1 1}}": "  web |we|",
    "{{println .Name 1}}": "web 1\n",
    "{{print 1 2 `a` 3}}": "1 2a3",
    "{{slice .Name 1 2}} {{slice .List 1}}": "e [b c]",
    "{{html `<a>`}} {{urlquery `a b&c`}}": "&lt;a&gt; a+b%26c",
    # printf
    '{{printf "%s|%5s|%-5s|%q" "a" "b" "c" "d\\n"}}': 'a|    b|c    |"d\\n"',
    '{{printf "%d|%4d|%-4d|%04d|%+d|%x|%X|%o|%b" 5 6 7 8 9 255 255 8 5}}': "5|   6|7   |0008|+9|ff|FF|10|101",
    '{{printf "%f|%.2f|%6.1f|%e|%g" 1.5 1.256 2.25 1500.0 1.5}}': "1.500000|1.26|   2.2|1.500000e+03|1.5",
    '{{printf "%v %t %T %c %U %%" .List true 1.5 97 97}}': "[a b c] true float64 a U+0061 %",
    '{{printf "%d" "x"}} {{printf "%s" 1}} {{printf "%z" 1}}': "%!d(string=x) %!s(int=1) %!z(int=1)",
    '{{printf "%d"}} {{printf "a" 1}} {{printf "%"}}': "%!d(MISSING) a%!(EXTRA int=1) %!(NOVERB)",
    '{{printf "%*d|%.*f" 4 1 2 1.005}}': "   1|1.00",
    '{{printf "%q %x" .List "hi"}}': '["a" "b" "c"] 6869',
    # comparison and logic
    "{{eq .Name `web`}} {{eq 1 2 1}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt `b` `a`}} {{ge 1.5 2.5}}": (
        "true true true true true true false"
    ),
    "{{and 1 0 2}} {{and 1 2}} {{or 0 `` `x`}} {{or 0 false}} {{not .Empty}}": "0 2 x false true",
    "{{and .No (index .List 9)}}": "false",
    # blocks
    "{{if .Yes}}a{{else}}b{{end}}{{if .No}}a{{else}}b{{end}}": "ab",
    "{{if .No}}a{{else if .Yes}}b{{else}}c{{end}}": "b",
    "{{if .Empty}}a{{end}}": "",
    "{{range .List}}{{.}},{{end}}": "a,b,c,",
    "{{range $i, $v := .List}}{{if $i}} {{end}}{{$i}}={{$v}}{{end}}": "0=a 1=b 2=c",
    "{{range $v := .Numbers}}{{$v}}{{end}}": "312",
    "{{range $k, $v := .Map}}{{$k}}{{$v}}{{end}}": "a1b2",
    "{{range .Empty}}x{{else}}none{{end}}": "none",
    "{{range 3}}{{.}}{{end}}": "012",
    "{{with .Service}}{{.Name}}{{end}}{{with .Nil}}x{{else}}y{{end}}": "shop_weby",
    "{{with .Nil}}x{{else with .Name}}{{.}}{{end}}": "web",
    "{{with $x := .Name}}{{$x}}{{end}}": "web",
    "{{$x := 1}}{{if .Yes}}{{$x = 2}}{{end}}{{$x}}": "2",
    "{{$x := 1}}{{if .Yes}}{{$x := 2}}{{end}}{{$x}}": "1",
    "{{$s := .Service}}{{$s.Labels.tier}}": "front",
}


@pytest.mark.parametrize("template", CASES)
def test_renders(template: str) -> None:
    assert render(template, DATA) == CASES[template]


WRONG = {
    "{{.Nope}}": 'column 3: map has no entry for key "Nope"',
    "a\n {{.Service.Nope}}": 'line 2, column 4: map has no entry for key "Nope"',
    "{{.Node.Nope}}": "can't evaluate field Nope in template.Node",
    "{{.Node.method}}": "can't evaluate field method",
    "{{.Node._hidden}}": "can't evaluate field _hidden",
    "{{.Name.Length}}": "can't evaluate field Length in string",
    "{{.Nil.X}}": "nil has no field X",
    "{{nope .Name}}": 'function "nope" not defined',
    "{{$x}}": 'undefined variable "$x"',
    "{{$x = 1}}": 'undefined variable "$x"',
    "{{.Name": "column 1: unclosed action",
    '{{"a}}': "column 3: unterminated quoted string",
    "{{/* a": "unclosed comment",
    "{{/* a */ .Name}}": "comment ends before closing delimiter",
    "{{}}": "missing value for command",
    "{{if .Yes}}a": "{{if}} is not closed",
    "a{{end}}": "unexpected {{end}}",
    "{{if .Yes}}{{else}}{{else}}{{end}}": "found another {{else}}",
    "{{range .List}}{{else if .Yes}}{{end}}": "unexpected {{else if}} in {{range}}",
    "{{.Labels.a-b}}": "unexpected '-'",
    "{{upper}}": "wrong number of args for upper: 0",
    "{{upper 1}}": "column 3: error calling upper: wrong type for value; expected string; got int",
    "{{index .List 9}}": "index out of range: 9",
    "{{index .Yes 9}}": "can't index item of type bool",
    "{{lt true false}}": "invalid type for comparison",
    "{{eq 1 `a`}}": "incompatible types",
    "{{eq .List .List}}": "cannot be compared",
    "{{.Name 1}}": "can't give argument to non-function",
    "{{1 2}}": "takes no arguments",
    "{{1 | 2}}": "cannot be piped into a constant",
    "{{range .Name}}{{end}}": "range can't iterate over string",
    '{{template "x"}}': "{{template}} is not supported",
    "{{99999999999999999999999}}": "integer overflow",
    "{{1e999}}": "bad number",
    "{{09}}": "bad number",
    "{{1x}}": "unexpected",
    '{{"\\q"}}': "invalid escape",
    "{{'ab'}}": "more than one character",
    "{{pad `a` 99999999 1}}": "between 0 and",
    "{{(}}": "the action is incomplete",
    "{{" + "(" * 500 + "}}": "parentheses",
    "{{if 1}}" * 500: "levels deep",
    "{{range 1000}}{{range 1000}}{{range 1000}}{{end}}{{end}}{{end}}": "steps",
    '{{printf "%s" .Name | join}}': "wrong number of args for join",
}


@pytest.mark.parametrize("template", WRONG)
def test_says_what_and_where(template: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(template, DATA)

    assert WRONG[template] in str(caught.value)


def test_missing_keys_may_be_told_as_docker_does() -> None:
    assert render("{{.Nope}} {{.Service.Nope}}", DATA, missing_key_error=False) == "<no value> <no value>"


def test_functions_that_are_handed_in_win() -> None:
    functions = {"env": lambda name: {"A": "1"}[name], "upper": lambda text: "mine"}

    assert render('{{env "A"}} {{upper "a"}}', {}, functions) == "1 mine"
    with pytest.raises(TemplateError, match=r"error calling env: 'B'"):
        render('{{env "B"}}', {}, functions)


def test_failures_of_functions_keep_their_hint() -> None:
    def refuse(name: str) -> str:
        raise StackferryError(f"no secret {name}", "create it")

    with pytest.raises(TemplateError, match="error calling secret: no secret s") as caught:
        render('{{secret "s"}}', {}, {"secret": refuse})
    assert caught.value.hint == "create it"


def test_hints() -> None:
    for template, hint in (("{{uper .Name}}", "did you mean 'upper'?"), ("{{.Nope}}", "known are Name, Service")):
        with pytest.raises(TemplateError) as caught:
            render(template, DATA)
        assert hint in caught.value.hint


def test_a_plain_field_needs_no_lark() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from stackferry.grammar.gotemplate import render;"
        "print(render('{{.A}}', {'A': 1}), 'lark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "1 False\n"


@given(st.text())
def test_text_without_braces_is_itself(text: str) -> None:
    if "{{" not in text:
        assert render(text, {}) == text


@given(st.text(alphabet="ab{} \n-", max_size=30).filter(lambda text: "{{" not in text))
def test_text_around_an_action_stays(text: str) -> None:
    if not text.endswith("{"):
        assert render(text + "{{1}}", {}) == text + "1"


@given(st.text(max_size=20))
def test_any_text_as_a_literal(text: str) -> None:
    from stackferry.grammar.gotemplate.printf import quoted

    clean = text.encode("utf-8", "replace").decode()
    assert render("{{" + quoted(clean) + "}}", {}) == clean


TOKENS = [
    *(
        "{{",
        "}}",
        "{{-",
        "-}}",
        "if",
        "else",
        "end",
        "range",
        "with",
        "(",
        ")",
        "|",
        ":=",
        "=",
        ",",
        "$",
        "$x",
        ".",
        ".Name",
    ),
    *(".List", ".Service.Labels", "index", "printf", "join", "len", '"a"', "`b`", "'c'", "1", "-2", "1.5", "0x", "nil"),
    *("true", "not", "and", "or", "eq", "lt", "/*", "*/", " ", "\n", "é", '"%d %s"', "slice", "json", "pad", "split"),
]


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(TOKENS), max_size=25).map(" ".join)
    | st.lists(st.sampled_from(TOKENS), max_size=25).map("".join)
)
def test_nothing_but_our_error(template: str) -> None:
    try:
        render(template, DATA)
    except TemplateError as error:
        offset = error.offset
    else:
        offset = 0
    assert 0 <= offset <= len(template)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_in_braces(text: str) -> None:
    for template in ("{{" + text + "}}", "{{" + text):
        try:
            render(template, DATA)
        except TemplateError:
            continue


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="%+-#0 .*123456789svdxqtfgecTUz", max_size=12),
    st.lists(st.integers() | st.text(max_size=3) | st.floats() | st.booleans() | st.none(), max_size=3),
)
def test_printf_never_fails(form: str, values: list[Any]) -> None:
    from stackferry.grammar.gotemplate.printf import sprintf

    assert isinstance(sprintf(form, values), str)


def test_parse_alone_checks() -> None:
    assert parse("a{{.B}}")
    with pytest.raises(TemplateError):
        parse("{{if}}")


def test_functions_of_python_itself_may_be_handed_in() -> None:
    assert render('{{int "12"}} {{max 1 2}}', {}, {"int": int, "max": max}) == "12 2"
    with pytest.raises(TemplateError, match="error calling max"):
        render("{{max 1 true nil}}", {}, {"max": max})
