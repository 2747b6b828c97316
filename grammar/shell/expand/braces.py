"""Brace expansion, the first step of expanding a word: `a{b,c}d` is `abd` and `acd`, `{1..3}` is `1`, `2`, `3`."""

from itertools import pairwise

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.word import Literal, Part, Variable

DEEPEST = 8
LONGEST = 512

_RANGE = regex(r"(-?[0-9]{1,9}|[A-Za-z])\.\.(-?[0-9]{1,9}|[A-Za-z])(?:\.\.(-?[0-9]{1,9}))?")

Atoms = list[str | Part]
"""Unquoted text as single characters, everything else as whole parts."""


def alternatives(parts: tuple[Part, ...], most: int) -> tuple[tuple[Part, ...], ...] | None:
    """The words that a word with braces expands to; None if there are more than `most`, or the word is too long."""
    atoms: Atoms = []
    for part in parts:
        if type(part) is Literal and not part.quoted:
            atoms += part.value
        else:
            atoms.append(part)
    if "{" not in atoms:
        return (parts,)
    if len(atoms) > LONGEST:
        return None
    found = _expanded(atoms, most, 0)
    if found is None:
        return None
    words = [_joined(word) for word in found]
    return None if any(_renamed(word) for word in words) else tuple(words)


def _expanded(atoms: Atoms, most: int, depth: int) -> list[Atoms] | None:
    """All alternatives of a word or of a part of it."""
    if depth > DEEPEST:
        return None
    for start, atom in enumerate(atoms):
        if atom != "{":
            continue
        close, commas = _matching(atoms, start)
        if close < 0:
            continue
        inner = _choices(atoms[start + 1 : close], [comma - start - 1 for comma in commas], most, depth)
        if inner is None:
            return None
        if not inner:
            continue
        rest = _expanded(atoms[close + 1 :], most, depth + 1)
        if rest is None or len(rest) * len(inner) > most:
            return None
        return [atoms[:start] + choice + tail for choice in inner for tail in rest]
    return [atoms]


def _matching(atoms: Atoms, start: int) -> tuple[int, list[int]]:
    """The matching closing brace, or -1, and the commas between the two that are not in nested braces."""
    depth = 0
    commas: list[int] = []
    for at in range(start, len(atoms)):
        match atoms[at]:
            case "{":
                depth += 1
            case "}":
                depth -= 1
                if not depth:
                    return at, commas
            case "," if depth == 1:
                commas.append(at)
            case _:
                pass
    return -1, []


def _choices(inside: Atoms, commas: list[int], most: int, depth: int) -> list[Atoms] | None:
    """The alternatives between braces: empty if this is no expansion, None if there are too many."""
    if not commas:
        return _counted("".join(atom for atom in inside if isinstance(atom, str)), len(inside), most)
    found: list[Atoms] = []
    starts = [0, *(comma + 1 for comma in commas)]
    for start, end in zip(starts, [*commas, len(inside)], strict=True):
        inner = _expanded(inside[start:end], most, depth + 1)
        if inner is None or len(found) + len(inner) > most:
            return None
        found += inner
    return found


def _counted(text: str, length: int, most: int) -> list[Atoms] | None:
    """`1..9` and `a..e`, with or without a step."""
    found = _RANGE.fullmatch(text)
    if found is None or len(text) != length or found[1].isalpha() != found[2].isalpha():
        return []
    letters = found[1].isalpha()
    first, last = (ord(found[1]), ord(found[2])) if letters else (int(found[1]), int(found[2]))
    step = abs(int(found[3] or 1)) or 1
    if abs(last - first) // step >= most:
        return None
    numbers = range(first, last + 1, step) if first <= last else range(first, last - 1, -step)
    if letters:
        return [[chr(number)] for number in numbers]
    padded = any(bound.lstrip("-")[:1] == "0" and len(bound.lstrip("-")) > 1 for bound in (found[1], found[2]))
    width = max(len(found[1]), len(found[2])) if padded else 0
    return [list(f"{number:0{width}d}") for number in numbers]


def _renamed(parts: tuple[Part, ...]) -> bool:
    """Whether text from braces extends a variable's name: in bash `$v{a,b}` is `$va` and `$vb`."""
    for part, after in pairwise(parts):
        if type(part) is Variable and type(after) is Literal and not (part.quoted or after.quoted):
            bare = part.end - part.start == len(part.name) + 1 and part.name.isidentifier()
            if bare and (after.value[:1].isalnum() or after.value[:1] == "_"):
                return True
    return False


def _joined(atoms: Atoms) -> tuple[Part, ...]:
    """Atoms back to parts; text that came from braces has no place of its own."""
    parts: list[Part] = []
    text: list[str] = []
    for atom in [*atoms, None]:
        if isinstance(atom, str):
            text.append(atom)
            continue
        if text:
            parts.append(Literal("".join(text), -1, -1, False))
            text = []
        if atom is not None:
            parts.append(atom)
    return tuple(parts)
