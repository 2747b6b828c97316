"""The tree in the text form of BuildKit's parser: one s-expression per instruction, to compare with it.

`(run "--mount=type=cache,target=/x" "make all")`: keyword in lower case, flags, arguments quoted as Go quotes them.
"""

from stackferry.grammar.dockerfile.instruction import Instruction
from stackferry.grammar.dockerfile.parse import Dockerfile

_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_PAIRS = ("ENV", "LABEL")


def dump(dockerfile: Dockerfile) -> str:
    """All instructions, one per line, as BuildKit's `Node.Dump` prints them."""
    return "\n".join(f"({_dumped(instruction)})" for instruction in dockerfile.instructions)


def _dumped(instruction: Instruction) -> str:
    parts = [instruction.word.text.lower()]
    if instruction.flags:
        parts.append(f"[{' '.join(quote(_flag(flag.name, flag.value)) for flag in instruction.flags)}]")
    if instruction.trigger is not None:
        parts.append(f"({_dumped(instruction.trigger)})")
    elif instruction.keyword in _PAIRS:
        for pair in instruction.pairs:
            value = pair.value.text if pair.value else ""
            parts += [quote(pair.name.text), quote(value), quote("" if pair.legacy else "=")]
    else:
        parts += [quote(word.text) for word in instruction.words]
    return " ".join(parts)


def _flag(name: str, value: str | None) -> str:
    return f"--{name}" if value is None else f"--{name}={value}"


def quote(text: str) -> str:
    """As Go's strconv.Quote."""
    return f'"{"".join(map(_quoted, text))}"'


def _quoted(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if " " <= character <= "~":
        return character
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        # A byte that is not UTF-8.
        return f"\\x{code - 0xDC00:02x}"
    if character.isprintable():
        return character
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
