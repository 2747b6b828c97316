"""Variations in writing the same instruction: case, white space, continued lines with comments and blank lines."""

from tests.dockerfiles.chance import Chance
from tests.dockerfiles.instructions import Made

_CASINGS = (str.lower, str.title, str.swapcase)
_BETWEEN = ("# a comment\n", "\n", "   # indented \\\n", "  \t\n", "#\n", "# hadolint ignore=DL3008\n", "\r\n")
_ODD_BLANKS = ("\t", "\v", "\f", "\xa0", "\x85", "\u2003", "\r", "\u200b", "\x1c")


def written(chance: Chance, made: Made, escape: str) -> str:
    """The text of an instruction, its end of line included."""
    keyword = made.keyword if chance.some(0.9) else chance.one(_CASINGS)(made.keyword)
    blank = chance.pick((" ", " ", " ", "  "), _ODD_BLANKS)
    text = f"{keyword}{blank}{made.arguments}" if made.arguments or chance.some(0.5) else keyword
    if chance.some(0.3):
        text = _continued(chance, text, escape)
    if chance.some(0.05):
        text = chance.pick(("  ", "\t"), _ODD_BLANKS) + text
    if chance.some(0.05):
        text += chance.pick((" ", "\t"), (*_ODD_BLANKS, f" {escape}", escape, escape * 2, f" {escape} "))
    return "".join(f"{line}\n" for line in (text, *made.lines))


def _continued(chance: Chance, text: str, escape: str) -> str:
    """The text over several lines, cut at blanks or in the middle of words."""
    for _ in range(chance.few(1, 4)):
        blanks = [at for at, character in enumerate(text) if character == " "]
        at = chance.one(blanks) if blanks and not chance.wild() else chance.random.randrange(len(text) + 1)
        end = chance.pick(
            (escape, escape, f"{escape} "), (escape * 2, escape * 3, f"{escape}\t", f"{escape}\v", f" {escape}x")
        )
        between = "".join(chance.several(lambda: chance.one(_BETWEEN), 0, 2)) if chance.some(0.3) else ""
        text = f"{text[:at]} {end}\n{between}{chance.one(('', '    ', chr(9)))}{text[at:]}"
    return text


def ends(chance: Chance, text: str) -> str:
    """The text with the line ends of Windows, all or some; without the last one; with a byte order mark."""
    kind = chance.random.randrange(10)
    if kind == 0:
        text = text.replace("\n", "\r\n")
    elif kind == 1 and chance.wild():
        text = "".join(chance.one(("\n", "\r\n", "\r\r\n", "\n\r", "\r")) if at == "\n" else at for at in text)
    if chance.some(0.1):
        text = text.rstrip("\n")
    if chance.some(0.03):
        text = "\ufeff" * (2 if chance.wild() else 1) + text
    return text
