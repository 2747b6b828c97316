"""Generated words with expansions, and bash's results for them."""

import random
import shlex
import subprocess
from collections.abc import Mapping, Sequence

VARIABLES = {
    "x": "a  b", "y": "", "v": "1.22.3-rc", "z": "foo.tar.gz/é", "HOME": "/h", "t": " lead trail ", "s": "*a?[b]",
}  # fmt: skip
OPERATORS = (":-", "-", ":+", "+", "#", "##", "%", "%%", "/", "//", "/#", "/%", "^", "^^", ",", ",,", ":")
PATTERNS = (
    "*", "?", ".", "a", "[0-9]", "[!a-z]", "o", "1.", "2", "/", '"*"', "\\*", "'.'", "$y", "f", "[a", "]", "-", "rc",
    "\\/",
)  # fmt: skip
SLICES = ("0", "1", " -2", "2:3", "1:-1", " -3:2", "9", "0:0", " -30")
DEFAULTS = ("d", "", "d e", "$v", '"q r"', "${z%.*}", "'s'", "{a,b}")
QUOTED = ("'a b'", "''", "'$x'", "\\ ", "\\\\", "$'a\\tb\\x41\\u00e9\\''", "\\{", "'{a,b}'")
BRACES = (
    "{a,b}", "{1..3}", "{01..10..4}", "{c..a}", "{a", "b}", ",", "{", "}", "{a,{b,c}}", "{,x}", "{a}", "{a..}",
    "{$x,c}", "{'a,b',c}", "{-2..2..2}",
)  # fmt: skip
PLAIN = ("a", "~", "~/q", "b.c", "=", "*", "[a]", "@", "é", "%", "-", ".")


def word(chance: random.Random) -> str:
    """A word of a few pieces."""
    return "".join(_piece(chance) for _ in range(chance.choice((1, 1, 2, 3, 4))))


def _piece(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.35:
        return _variable(chance)
    if kind < 0.5:
        return f'"{chance.choice(("", "a b", chr(92) + "$x", chr(92) * 2, chr(39), _variable(chance)))}"'
    return chance.choice(QUOTED if kind < 0.6 else BRACES if kind < 0.75 else PLAIN)


def _variable(chance: random.Random) -> str:
    name, operator, kind = chance.choice("xyvztsvz"), chance.choice(OPERATORS), chance.random()
    if kind < 0.45:
        return chance.choice((f"${name}", f"${name}", f"${{{name}}}", f"${{#{name}}}"))
    return f"${{{name}{operator}{_operand(chance, operator)}}}"


def _operand(chance: random.Random, operator: str) -> str:
    if operator == ":":
        return chance.choice(SLICES)
    if operator[0] in "^,":
        return ""
    if operator[0] not in "#%/":
        return chance.choice(DEFAULTS)
    pattern = "".join(chance.choice(PATTERNS) for _ in range(chance.randint(1, 3)))
    return pattern + (chance.choice(("", "/", "/X", "/$v", "/a b")) if operator[0] == "/" else "")


def bash_fields(words: Sequence[str], variables: Mapping[str, str]) -> list[tuple[str, ...]]:
    """What a command gets for each word; file names are left alone."""
    lines = ["set -f", 'f() { printf \'%s\\0\' "$#" "$@"; }']
    lines += [f"{name}={shlex.quote(value)}" for name, value in variables.items()]
    lines += [f"f {word}" for word in words]
    done = subprocess.run(["bash", "-c", "\n".join(lines)], capture_output=True, env={"LC_ALL": "C.UTF-8"})
    assert done.stderr == b""
    told = iter(done.stdout.decode().split("\0"))
    return [tuple(next(told) for _ in range(int(next(told)))) for _ in words]
