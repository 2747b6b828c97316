"""A word of a shell script and its parts: text, variables, substitutions. Made by `scan/`.

`expand/` computes what a word expands to. All offsets are in the text of the script; the range of a quoted part is
that of the text inside the quotes, so `Literal.value` is at `Literal.start` unless it has escapes.
"""

from stackferry.grammar.shell.value import Value

GLOB = frozenset("*?[")


class Literal(Value):
    """Text. `value` is without escapes; `quoted`: in quotes or after a backslash, so not a pattern or brace."""

    __slots__ = ("end", "quoted", "start", "value")

    def __init__(self, value: str, start: int, end: int, quoted: bool) -> None:
        self.value = value
        self.start = start
        self.end = end
        self.quoted = quoted


class Variable(Value):
    """`$name` or `${…}`. `name` may be a digit or one of `@*#?$!-`.

    `operator` is the text after the name: `:-`, `#`, `//`, `:`, `@Q`, `*` of `${!prefix*}`, empty for none.
    `operand` is
    the word after it, `replacement` that after the second slash of `${name/pattern/replacement}`. `prefix` is `#` for
    a length and `!` for an indirect name. `subscript` is the text inside `[ ]`.
    """

    __slots__ = ("end", "name", "operand", "operator", "prefix", "quoted", "replacement", "start", "subscript")

    def __init__(
        self,
        name: str,
        start: int,
        end: int,
        quoted: bool,
        operator: str = "",
        operand: "ShellWord | None" = None,
        replacement: "ShellWord | None" = None,
        prefix: str = "",
        subscript: "ShellWord | None" = None,
    ) -> None:
        self.name = name
        self.start = start
        self.end = end
        self.quoted = quoted
        self.operator = operator
        self.operand = operand
        self.replacement = replacement
        self.prefix = prefix
        self.subscript = subscript


class Substitution(Value):
    """A command or process substitution. `opening` is "$(", "`", "<(" or ">("; `construct` its number in the script."""

    __slots__ = ("construct", "end", "opening", "quoted", "start")

    def __init__(self, opening: str, start: int, end: int, quoted: bool, construct: int) -> None:
        self.opening = opening
        self.start = start
        self.end = end
        self.quoted = quoted
        self.construct = construct


class Arithmetic(Value):
    """`$((text))`. `parts` are the expansions in it."""

    __slots__ = ("end", "parts", "quoted", "start", "text")

    def __init__(self, text: str, start: int, end: int, quoted: bool, parts: "tuple[Part, ...]") -> None:
        self.text = text
        self.start = start
        self.end = end
        self.quoted = quoted
        self.parts = parts


class Elements(Value):
    """The value of an array assignment: the words between its parentheses."""

    __slots__ = ("end", "start", "words")

    def __init__(self, words: "tuple[ShellWord, ...]", start: int, end: int) -> None:
        self.words = words
        self.start = start
        self.end = end


Part = Literal | Variable | Substitution | Arithmetic | Elements


class ShellWord(Value):
    """A word: `text` as it is written, from `start` to `end`.

    `literal` is the word without quotes and escapes, or None if it contains an expansion; patterns, `~` and braces
    stay as they are. `pieces` is empty for plain text: use `parts`.
    """

    __slots__ = ("end", "literal", "pieces", "start", "text")

    def __init__(self, text: str, start: int, end: int, literal: str | None, pieces: tuple[Part, ...] = ()) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.literal = literal
        self.pieces = pieces

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the word, in order."""
        return self.pieces or (Literal(self.text, self.start, self.end, False),)

    @property
    def glob(self) -> bool:
        """Whether it is a file name pattern: `*`, `?` or `[` outside quotes."""
        return any(type(part) is Literal and not part.quoted and not GLOB.isdisjoint(part.value) for part in self.parts)

    def after(self, length: int) -> "ShellWord | None":
        """The word without its first characters, as the value in `name=value`. None if there are escapes in them."""
        first, *rest = self.parts
        if type(first) is not Literal or not self.text[first.start - self.start :].startswith(first.value[:length]):
            return None
        start, end = first.start + length, self.parts[-1].end if first.quoted else self.end
        kept: list[Part] = [Literal(first.value[length:], start, first.end, first.quoted)]
        pieces = (*(kept if len(first.value) > length or first.quoted else ()), *rest)
        literal = None if self.literal is None else self.literal[length:]
        return ShellWord(self.text[start - self.start : end - self.start], start, end, literal, pieces)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All variables in it, also in operands of others and in arithmetic, but not in command substitutions."""
        return tuple(_variables(self.pieces)) if self.literal is None else ()


def _variables(parts: tuple[Part, ...]) -> list[Variable]:
    """Variables in order; the scanner limits how deep words are nested."""
    found: list[Variable] = []
    for part in parts:
        match part:
            case Variable():
                found.append(part)
                for inner in (part.subscript, part.operand, part.replacement):
                    if inner is not None and inner.literal is None:
                        found += _variables(inner.pieces)
            case Arithmetic():
                found += _variables(part.parts)
            case Elements():
                for element in part.words:
                    found += _variables(element.pieces)
            case _:
                pass
    return found
