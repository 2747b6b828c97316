"""Pieces of arguments: words, variables, JSON forms, heredocs; valid ones, and ones broken in every way."""

import json
from collections.abc import Sequence

from tests.dockerfiles.chance import Chance

PATHS = ("a", "b.txt", "/app", "/app/", "./src/", ".", "/", "*.go", "docs", "/etc/x.conf", "dir with blank", "C:\\app")
ODD_WORDS = (
    *('"', "'", "\\", "`", '"a', "'a", 'a"b c"d', "a\\ b", "\\\\", "$", "${", "${A", "$$", "#", "a#b", "<<", "<<<a"),
    *("[", "]", "{}", "--", "--x", "-", "=", "=a", "a=", "a==b", "é", "\u2028", "\xa0", "à", "日本", "\udcff", "\0"),
    *("\v", "a\vb", "\f", "\t", "a\rb", "\x85", "&&", "|", ";", "*", "?", "!", "~", "%", "$(a)", "a b", "\x1b[0m"),
)
VARIABLES = ("A", "B", "PATH", "VERSION", "HTTP_PROXY", "TARGETPLATFORM", "TARGETARCH", "_", "a1")
ODD_VARIABLES = ("1", "", "é", "A-B", "*", "@", "A.B", "undefined", "A:", "?", "#", "-")
OPERATORS = (":-", "-", ":+", "+", ":?", "?", "#", "##", "%", "%%", "/", "//")
ODD_OPERATORS = (":#", ":%", ":", "=", "::-", ":/", "^", "!", "///", " ")
STAGES = ("build", "base", "test", "final")
ODD_STAGES = ("Build", "scratch", "context", "0", "1a", "-x", "a.b-c_d", "é", "a b", "$A", "x" * 200, "FROM")
IMAGES = ("alpine:3.20", "debian:12-slim", "golang", "scratch", "ghcr.io/x/y:1", "alpine@sha256:" + "0" * 64)
ODD_IMAGES = ("$BASE", "${BASE:-alpine}", "UPPER", "a:b:c", "a/", "", "--platform", "alpine:latest", "0", "a@b", "$")
KEYWORDS = (
    *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
    *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
)
ODD_KEYWORDS = ("RUNN", "FORM", "INCLUDE", "CROSS_BUILD", "É", "R", "RUN:", "[", '"RUN"', "$A", "--", "RUN\xa0x", "=")


def variable(chance: Chance, depth: int = 0) -> str:
    """A reference to a variable."""
    name = chance.pick(VARIABLES, ODD_VARIABLES)
    if chance.some(0.4):
        return f"${name}"
    if chance.some(0.3):
        return f"${{{name}}}" if not chance.wild() else f"${{{name}"
    operator = chance.pick(OPERATORS, ODD_OPERATORS)
    value = (
        variable(chance, depth + 1) if depth < 3 and chance.some(0.3) else chance.pick(("x", "", "a b", "/"), ODD_WORDS)
    )
    more = f"/{chance.one(('y', '', 'a*'))}" if operator in ("/", "//") and not chance.wild() else ""
    return f"${{{name}{operator}{value}{more}{'' if chance.wild() else '}'}"


def word(chance: Chance, usual: Sequence[str] = PATHS) -> str:
    """A word of arguments, perhaps in quotes or with a variable in it."""
    if chance.wild():
        return "".join(chance.several(lambda: chance.one(ODD_WORDS), 1, 3))
    text = chance.one(usual)
    if chance.some(0.15):
        text += variable(chance)
    kind = chance.random.randrange(8)
    if kind == 0 or (" " in text and kind < 6):
        return f'"{text}"'
    if kind == 1 or " " in text:
        return f"'{text}'"
    return text


def value(chance: Chance) -> str:
    """What stands after `name=`."""
    return word(chance, ("1", "x", "a b", "", "/x:/y", "true", "1.2.3", "http://a/b?c=d&e", "a,b", "it"))


def pairs(chance: Chance) -> str:
    """`name=value` words, or the old form."""
    names = ("A", "B", "PATH", "VERSION", "db.password", "GITHUB_TOKEN", "org.opencontainers.image.title", "long-name")
    if chance.some(0.15):
        return f"{chance.pick(names, ODD_WORDS)} {value(chance)} {value(chance)}"
    found = chance.several(lambda: f"{chance.pick(names, ODD_WORDS)}={value(chance)}", 1, 3)
    if chance.wild():
        found.insert(0, chance.one(("A", "", "A B=c", "=x")))
    return " ".join(found)


def exec_form(chance: Chance, most: int = 4) -> str:
    """A JSON array of strings, or what only looks like one."""
    strings = chance.several(
        lambda: chance.pick(("sh", "-c", "echo a b", "/x", "", "é\n", '"', "\\"), ODD_WORDS), 0, most
    )
    text = json.dumps(strings, ensure_ascii=chance.some(0.5)).replace("\udcff", "?")
    if chance.some(0.3):
        text = text.replace(", ", chance.one((",", " , ", ",\t"))).replace("[", chance.one(("[", "[ ", "[\t")))
    return broken_json(chance, text) if chance.wild() else text


def broken_json(chance: Chance, text: str) -> str:
    """A JSON array with something wrong, or something unusual, in it."""
    change = chance.random.randrange(8)
    if change == 0:
        return text.replace('"', "'")
    if change == 1:
        return chance.one((text[:-1], text[:-2], text[1:], text + "]", text + " x", text[:-1] + ",]", "[" + text + "]"))
    if change == 2:
        return chance.one(("[]", "[ ]", "[1]", '["a", 1]', "[null]", "[true]", '[{"a": "b"}]', '[["a"]]', '["a" "b"]'))
    if change == 3:
        return text.replace('"', '"\\u00e9', 1).replace(
            "sh", chance.one(("\\x", "\\/", "\\ud83d\\ude00", "\\ud83d", "\\u12"))
        )
    if change == 4:
        return chance.one(("[", "]", "[,]", '[ "$(uname -m)" = x ] && y', "[Net.Http]::a", "[[ -f x ]]", '["a", b]'))
    if change == 5:
        return text.replace(",", "\v,", 1).replace("[", "[\f", 1)
    if change == 6:
        return text.replace('"', '"\t', 1)
    return text + chance.one((" # comment", ";", "\\", " \\n", "\xa0", ",", "[]"))
