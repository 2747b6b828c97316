"""Heredocs: the word that introduces one, and the lines that follow its instruction."""

from tests.dockerfiles.chance import Chance

NAMES = ("EOF", "EOT", "A", "script.sh", "END-1")
ODD_NAMES = (
    "",
    "E O F",
    "E\\OF",
    "$X",
    "${X:-EOF}",
    "E'O'F",
    '"E',
    "<",
    "É",
    "a/b",
    "\\",
    "-",
    "EOF;",
    "1",
    "#",
    "\xa0",
)
LINES = (
    *(
        "echo a",
        "\techo tab",
        "FROM x",
        "# comment",
        "",
        "  ",
        "a \\",
        "RUN b",
        "EOF ",
        " EOF",
        "\t\tEOF",
        "$A ${B:-c}",
    ),
    *("#!/bin/bash", "apt-get install -y curl", "cat <<X", "X", '"unclosed', "é\udcff", "EO\\", "F", "{ a | b; }"),
)


class Heredoc:
    """A heredoc to come: `word` for the instruction, `lines` for what follows, the terminator included."""

    def __init__(self, chance: Chance) -> None:
        name = chance.pick(NAMES, ODD_NAMES)
        chomp = chance.some(0.3)
        quote = chance.pick(("", "", "", "'", '"'), ("\\", "`", "''"))
        descriptor = chance.pick(("", "", "", "3"), ("0", "99999999999999999999", "-1", "a"))
        blank = chance.pick(("", "", "", " "), ("  ", "\t", "\v", "- "))
        last = "" if quote == "\\" else quote
        self.word = f"{descriptor}<<{'-' if chomp else ''}{blank}{quote}{name}{last}"
        self.lines = chance.several(lambda: chance.one(LINES), 0, 5)
        if not chance.wild():
            tabs = "\t" * chance.few(0, 2) if chomp else ""
            self.lines.append(tabs + name)


def around(chance: Chance, heredoc: Heredoc) -> str:
    """The rest of a RUN with a heredoc: alone, with an interpreter, or as the input of a command."""
    before = chance.one(("", "", "cat ", "cat 2>&1 ", "set -e; cat ", "[ -f x ] && cat "))
    after = chance.one(("", "", " bash", " > /x", " | sh", " && echo done", " python3 -", " # note", " || true"))
    return f"{before}{heredoc.word}{after}"
