"""The arguments of a command as flags and operands. Only the caller knows which flags take a value.

Rules call `options(command, with_value)`; `wrappers.py` and `strings.py` are built on it.
"""

from stackferry.grammar.shell.script import Command
from stackferry.grammar.shell.value import Value
from stackferry.grammar.shell.word import Literal, ShellWord

NONE: frozenset[str] = frozenset()


class Flag(Value):
    """A flag: `-q`, `--no-cache`. In a bundle `-qy` each letter is a flag, all with the same word.

    `value` is None if there is none or it is not known; `value_word` is the word of the value, which in `--name=value`
    and `-ofile` is the rest of `word`.
    """

    __slots__ = ("name", "value", "value_word", "word")

    def __init__(
        self, name: str, word: ShellWord, value: str | None = None, value_word: ShellWord | None = None
    ) -> None:
        self.name = name
        self.word = word
        self.value = value
        self.value_word = value_word


class Arguments(Value):
    """Flags and operands, each in order.

    `uncertain` are words whose expansion is unknown: it may be empty, several words, or flags. While
    there are any, a flag that was not found may still be there.
    """

    __slots__ = (
        "flags",
        "operands",
        "uncertain",
    )

    def __init__(
        self, flags: tuple[Flag, ...], operands: tuple[ShellWord, ...], uncertain: tuple[ShellWord, ...]
    ) -> None:
        self.flags = flags
        self.operands = operands
        self.uncertain = uncertain

    def flag(self, *names: str) -> Flag | None:
        """The last flag with one of the names."""
        return next((flag for flag in reversed(self.flags) if flag.name in names), None)

    def has(self, *names: str) -> bool:
        """Whether a flag with one of the names is there."""
        return self.flag(*names) is not None

    def value(self, *names: str) -> str | None:
        """The value of the last flag with one of the names; None if there is none or it is not known."""
        flag = self.flag(*names)
        return flag.value if flag else None


def options(
    command: Command,
    with_value: frozenset[str] = NONE,
    *,
    bundled: bool = True,
    mixed: bool = True,
) -> Arguments:
    """The arguments of a command.

    `with_value` are the flags that take a value, with dashes: in the next word, or after `=` or the letter.
    `--name=value` needs no entry. `bundled`: `-qy` is two flags; else it is one long flag as for find or java.
    `mixed`: flags may follow operands, as in GNU programs; else the first operand ends them. `--` always does.
    """
    reader = _Reader(with_value, bundled)
    words = iter(command.arguments)
    for word in words:
        start = _start(word)
        if start == "--" and word.literal == "--":
            reader.operands += words
        elif len(start) > 1 and start[0] == "-" and (start != "--" or word.literal is not None):
            wants = reader.read(word, start)
            if wants:
                reader.fill(wants, next(words, None))
        else:
            reader.operand(word)
            if not mixed:
                reader.operands += words
    return Arguments(tuple(reader.flags), tuple(reader.operands), tuple(reader.uncertain))


def _start(word: ShellWord) -> str:
    """The word's value up to the first expansion."""
    if word.literal is not None:
        return word.literal
    start = ""
    for part in word.parts:
        if type(part) is not Literal:
            break
        start += part.value
    return start


class _Reader:
    def __init__(self, with_value: frozenset[str], bundled: bool) -> None:
        self.with_value = with_value
        self.bundled = bundled
        self.flags: list[Flag] = []
        self.operands: list[ShellWord] = []
        self.uncertain: list[ShellWord] = []

    def operand(self, word: ShellWord) -> None:
        self.operands.append(word)
        if any(type(part) is not Literal and not getattr(part, "quoted", False) for part in word.pieces):
            self.uncertain.append(word)

    def read(self, word: ShellWord, start: str) -> str:
        """Read the flags of a word; returns the name of the flag that takes its value from the next word."""
        known = word.literal is not None
        name, equals, value = start.partition("=")
        if start.startswith("--") or not self.bundled:
            if equals:
                self.flags.append(Flag(name, word, value if known else None, word.after(len(name) + 1) or word))
                return ""
            if not known:
                self.uncertain.append(word)
            self.flags.append(Flag(name, word))
            return name if name in self.with_value and known else ""
        return self._bundle(word, start)

    def _bundle(self, word: ShellWord, start: str) -> str:
        known = word.literal is not None
        for at, letter in enumerate(start[1:], 2):
            name = "-" + letter
            if name not in self.with_value:
                self.flags.append(Flag(name, word))
            elif known and at == len(start):
                self.flags.append(Flag(name, word))
                return name
            else:
                self.flags.append(Flag(name, word, start[at:] if known else None, word.after(at) or word))
                return ""
        if not known:
            self.uncertain.append(word)
        return ""

    def fill(self, name: str, word: ShellWord | None) -> None:
        if word is not None:
            self.flags[-1] = Flag(name, self.flags[-1].word, word.literal, word)
