"""Generated shell scripts: by a grammar, and by breaking existing scripts."""

import random
from collections.abc import Callable, Sequence

NAMES = ("x", "PATH", "_a1", "arch")
TEXTS = (
    "apt-get", "install", "-y", "--no-install-recommends", "a=b", "foo#bar", "{a,b}", "*.c", "~/x", "[a-z]?",
    "if", "fi", "done", "2", "é", "\\ ", "\\;", "a\\\nb", "''", '""', "'a b'", "'it'\\''s'", "'#;&|'", '"a  b"',
    '"a\\"b\\$c"', "$'a\\'b'", '$"a"', "!", "}", "%", "a]b", "@", "+x", "a{", "=", "time", "in", "x=y=z", "-",
)  # fmt: skip
SPECIAL = ("$x", "$1", "$@", "$#", "$?", "$$", "$!", "$-", "$", "${x}", "${#x}", "${!x}", "${x[0]}", "${x[@]}", "${#}")
OPERATORS = (
    ":-", "-", ":=", "=", ":?", "?", ":+", "+", "#", "##", "%", "%%", "/", "//", "/#", "/%", "^", "^^", ",", ",,",
)  # fmt: skip
REDIRECTS = (">", ">>", "<", "2>", "2>>", "&>", "&>>", ">|", "<>", "<<<", "1>&", "<&", "{fd}>")
SEPARATORS = ("; ", ";", "\n", " \n ", " ;\n\n", " & ", " # a comment ' \" ( \n", ";  \\\n")
PIECES = (
    *"'\"`$\\(){}[]<>|&;#!=*? \n\t~-ab0", "$(", "${", "$((", "))", "((", "&&", "||", ";;", "<<", "<<E", "\nE\n", "<<<",
    "<(", "if ", "then ", "fi", "do ", "done", "case ", " in ", "esac", "[[ ", " ]]", "function ", "()", "x=", "\\\n",
    "\r\n", "a=(",
)  # fmt: skip


class Maker:
    """Scripts by a grammar, none of them deeper than `deepest` constructs."""

    def __init__(self, chance: random.Random, deepest: int = 2) -> None:
        self.chance = chance
        self.deepest = deepest
        self.depth = 0
        self.heredocs = 0

    def script(self) -> str:
        """A script of a few commands."""
        return self.listed(self.chance.randint(0, 2)) + self.chance.choice(("", "\n", ";", " # end", "\n\n"))

    def listed(self, count: int = 0) -> str:
        """Commands one after another."""
        pieces = [self.and_or()]
        for _ in range(count or self.chance.choice((0, 0, 1))):
            pieces += (self.chance.choice(SEPARATORS), self.and_or())
        return "".join(pieces)

    def and_or(self) -> str:
        """Pipelines joined by `&&` and `||`."""
        text = self.pipeline()
        while self.chance.random() < 0.3:
            text += self.chance.choice((" && ", "||", " &&\n ", " || \\\n")) + self.pipeline()
        return text

    def pipeline(self) -> str:
        """Elements joined by `|`."""
        text = self.chance.choice(("", "", "", "", "! ", "time ")) + self.element()
        while self.chance.random() < 0.2:
            text += self.chance.choice((" | ", "|", " |& ", "|\n")) + self.element()
        return text

    def element(self) -> str:
        """A command or a construct."""
        if self.depth >= self.deepest or self.chance.random() < 0.7:
            return self.simple()
        return self.deeper(self.chance.choice(CONSTRUCTS))

    def deeper(self, make: "Callable[[Maker], str]") -> str:
        """Something with commands in it."""
        self.depth += 1
        text = make(self)
        self.depth -= 1
        return text

    def simple(self) -> str:
        """Assignments, words and redirections."""
        if self.chance.random() < 0.1:
            return self.array()
        if self.chance.random() < 0.1:
            return f"{self.chance.choice(('export', 'local', 'readonly'))} {self.assignment()} {self.assignment()}"
        pieces = [self.assignment() for _ in range(self.chance.choice((0, 0, 0, 1, 2)))]
        if not pieces or self.chance.random() < 0.8:
            pieces += [self.name()] + [self.word() for _ in range(self.chance.randint(0, 4))]
        if self.chance.random() < 0.2:
            pieces.insert(self.chance.randint(0, len(pieces)), self.redirect())
        return self.chance.choice((" ", " ", "  ", "\t", " \\\n  ")).join(pieces)

    def name(self) -> str:
        """The first word of a command."""
        return self.chance.choice(("echo", "apt-get", "cd", "test", "[", "let-it", "./x", '"$x"', "$x", "f", ":"))

    def assignment(self) -> str:
        """`name=value`."""
        return self.chance.choice(NAMES) + self.chance.choice(("=", "=", "+=")) + self.word().lstrip("~ ")

    def array(self) -> str:
        """Assignments with parentheses and brackets, which no command may follow."""
        words = self.chance.choice((" ", "\n ", " # a comment\n")).join(self.double() for _ in range(2))
        return self.chance.choice((f"x=(a {words} b)", f"x+=( {words} ) y[1]=a", f"x[$y]={self.word()}"))

    def redirect(self) -> str:
        """A redirection, not of a heredoc."""
        operator = self.chance.choice(REDIRECTS)
        return operator + self.chance.choice(("", "", " ")) + (self.word() if "&" not in operator[1:] else "2")

    def word(self) -> str:
        """Pieces of text, quotes and expansions."""
        return "".join(self.piece() for _ in range(self.chance.choice((1, 1, 1, 2, 3))))

    def piece(self) -> str:
        """A piece of a word."""
        kind = self.chance.random()
        if kind < 0.55 or self.depth >= self.deepest:
            return self.chance.choice(TEXTS)
        if kind < 0.7:
            return self.chance.choice(SPECIAL)
        return self.deeper(self.chance.choice(EXPANSIONS))

    def operand(self) -> str:
        """`${name…}`."""
        text = self.word().replace("}", "").replace("{", "")
        return "${" + self.chance.choice(NAMES) + self.chance.choice(OPERATORS) + text + "}"

    def double(self) -> str:
        """`"…"`."""
        inside = self.chance.choice(
            ("$x", "${x}", "a b", "$(echo a)", "`echo b`", "$((1+x))", "'", "#", "\\\\", "${x:-a}")
        )
        return f'"{inside}{self.chance.choice(("", " ", "; "))}"'

    def backquoted(self) -> str:
        """Backquotes without others in them."""
        inside = "echo a; b 'c' \"d\"", "a | b", "", " if a; then b; fi ", "echo \\\\$x \\$x", "a \\`b c\\` d", "a # b"
        return f"`{self.chance.choice(inside)}`"

    def substitution(self) -> str:
        """`$(…)`."""
        return "$(" + self.chance.choice(("", " ", "\n")) + self.listed() + self.chance.choice(("", " ", "\n")) + ")"

    def quoted_substitution(self) -> str:
        """`"$(…)"`."""
        return f'"a {self.substitution()} b"'

    def process(self) -> str:
        """`<(…)`."""
        return f"<({self.listed()})"

    def arithmetic(self) -> str:
        """`$((…))`."""
        return f"$(({self.chance.choice(('1', 'x+1', '(2)*(3)', '$x % ${x}', '1 << 2', 'x > 2 ? 1 : 0'))}))"

    def block(self) -> str:
        """Commands that something ends."""
        return self.chance.choice((" ", "\n")) + self.listed() + self.chance.choice((";", "\n", " ;\n")) + " "

    def condition(self) -> str:
        """`if`."""
        others = "".join(f"elif{self.block()}then{self.block()}" for _ in range(self.chance.choice((0, 0, 1))))
        last = f"else{self.block()}" if self.chance.random() < 0.4 else ""
        return f"if{self.block()}then{self.block()}{others}{last}fi"

    def loop(self) -> str:
        """`while` and `until`."""
        return f"{self.chance.choice(('while', 'until'))}{self.block()}do{self.block()}done"

    def iteration(self) -> str:
        """`for`."""
        words = self.chance.choice(("", " in a b", f" in {self.word()} $x", " in"))
        head = f"for {self.chance.choice(NAMES)}{words}" if self.chance.random() < 0.9 else "for ((i=0; i<3; i++))"
        return f"{head}{self.chance.choice(('; ', chr(10)))}do{self.block()}done"

    def case(self) -> str:
        """`case`."""
        items = "".join(
            f"{self.chance.choice(('', '(', ' '))}{self.chance.choice(('a', 'a|b', '*', '$x', '[0-9]*|x'))}"
            f"){self.block() if self.chance.random() < 0.8 else ''};;{self.chance.choice((' ', chr(10)))}"
            for _ in range(self.chance.randint(0, 3))
        )
        return f"case {self.word()} in {items}{self.chance.choice(('', '*) echo'))}{chr(10)}esac"

    def group(self) -> str:
        """`{ }`."""
        return "{" + self.block() + "}" + self.chance.choice(("", "", " >x", " 2>&1"))

    def subshell(self) -> str:
        """`( )`."""
        return "( " + self.listed() + self.chance.choice(("", " ", "\n")) + ")"

    def function(self) -> str:
        """A function."""
        return self.chance.choice(("f() ", "f ()\n", "function f ", "function f() ")) + self.group()

    def test(self) -> str:
        """`[[ ]]`."""
        return self.chance.choice(("[[ -f $x ]]", "[[ $x == a* && ( -n y || ! -d z ) ]]", "[[ $x =~ ^(a|b)+$ ]]"))

    def command(self) -> str:
        """`(( ))`."""
        return self.chance.choice(("((x++))", "(( x > 1 && (y) ))"))

    def heredoc(self) -> str:
        """A heredoc, on lines of its own."""
        self.heredocs += 1
        name = f"E{self.heredocs}"
        word = self.chance.choice((name, f"'{name}'", f'"{name}"', f"\\{name}", f"-{name}"))
        body = self.chance.choice(
            ("", "a\n", "a $x ' \" ( \n", "`echo b` $(echo a\n)\n", "\\$(a) \\\\\n\n", "a\\\nb\n")
        )
        return "{ cat <<" + word + " >x && echo y\n" + body + name + "\n}"


EXPANSIONS: Sequence[Callable[[Maker], str]] = (
    Maker.operand, Maker.double, Maker.backquoted, Maker.substitution, Maker.quoted_substitution, Maker.process,
    Maker.arithmetic,
)  # fmt: skip
CONSTRUCTS: Sequence[Callable[[Maker], str]] = (
    Maker.condition, Maker.loop, Maker.iteration, Maker.case, Maker.group, Maker.subshell, Maker.function, Maker.test,
    Maker.command, Maker.heredoc,
)  # fmt: skip


def broken(chance: random.Random, text: str) -> str:
    """A piece of a script, with a few small things changed."""
    start = chance.randint(0, max(0, len(text) - 200))
    text = text[start : start + chance.randint(1, 200)]
    for _ in range(chance.randint(0, 4)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice((*PIECES, "")) + text[at + chance.choice((0, 0, 1, 3)) :]
    return text
