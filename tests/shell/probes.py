"""Generated scripts that change variables and options in many places, and query bash in between."""

import random
import subprocess
from collections.abc import Callable, Iterator

NAMES = ("X", "Y", "Z")
START = {"X": "x0", "Y": "y0"}
VALUES = ("1", "2", "a", "$X", "${Y}b", '"$Z"', "", "$(echo q)", "${X:-d}", "${Y:=w}", "'s'")
OTHERS = (
    "true", "false", ":", "unset X", "unset Z", "read Y <<< r", "eval 'X=e'", "printf -v Y %s p", "let X=5", "((Z=7))",
    '[ -n "${X:=0}" ]',
)  # fmt: skip
OPTIONS = ("set -f", "set +f", "set -o pipefail", "set +o pipefail", "shopt -so pipefail", "set -fo pipefail")

PRELUDE = """\
D=0; X=x0; Y=y0
probe() {
    local pipefail=""
    shopt -qo pipefail && pipefail=p
    printf '%s|%s|%s|%s|%s|%s\\n' "$1" "${X-unset}" "${Y-unset}" "${Z-unset}" "$-" "$pipefail" >&8
}
exec 8>&1 9>&1 >/dev/null
"""


class Prober:
    """Makes one script."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.depth = self.probes = self.functions = self.loops = 0

    def script(self) -> str:
        """Some lists, and a last probe."""
        return f"{self.listed()}\n{self.listed()}\n{self.probe()}"

    def probe(self) -> str:
        """A command that tells what is what."""
        self.probes += 1
        return f"probe {self.probes - 1}"

    def assignment(self, operators: tuple[str, ...] = ("=", "=", "=", "+=")) -> str:
        """`X=…`."""
        return self.chance.choice(NAMES) + self.chance.choice(operators) + self.chance.choice(VALUES)

    def listed(self) -> str:
        """Commands one after another."""
        texts = [self.and_or() for _ in range(self.chance.choice((1, 2, 2, 3)))]
        return self.chance.choice(("; ", "\n")).join(texts)

    def and_or(self) -> str:
        """`&&`, `||` and `|`."""
        text = self.command()
        while self.chance.random() < 0.3:
            text += self.chance.choice((" && ", " && ", " || ", " || ", " | ")) + self.command()
        return text

    def command(self) -> str:
        """Anything that may stand between operators."""
        kind = self.chance.random()
        if kind < 0.35 or (kind >= 0.9 and self.depth > 2):
            return self.probe()
        if kind < 0.65:
            return " ".join(self.assignment() for _ in range(self.chance.choice((1, 1, 2))))
        if kind < 0.7:
            return f"{self.chance.choice(('export', 'declare'))} {self.assignment(('=',))}"
        if kind < 0.9:
            called = (f"f{self.chance.randrange(self.functions)}",) if self.functions else ()
            return self.chance.choice((*OTHERS, *OPTIONS, *called * 4))
        self.depth += 1
        text = self.chance.choice(CONSTRUCTS)(self)
        self.depth -= 1
        return text

    def condition(self) -> str:
        """What `if` looks at."""
        return self.chance.choice(("true", "false", self.assignment(), self.listed()))

    def subshell(self) -> str:
        """`( )`."""
        return f"({self.listed()})"

    def group(self) -> str:
        """`{ }`."""
        return f"{{ {self.listed()}; }}"

    def if_(self) -> str:
        """`if`, with or without more branches."""
        text = f"if {self.condition()}; then {self.listed()}"
        if self.chance.random() < 0.4:
            text += f"; elif {self.condition()}; then {self.listed()}"
        if self.chance.random() < 0.6:
            text += f"; else {self.listed()}"
        return f"{text}; fi"

    def for_(self) -> str:
        """`for`."""
        return f"for {self.chance.choice(NAMES)} in 1 2; do {self.listed()}; done"

    def while_(self) -> str:
        """`while`, twice around."""
        self.loops += 1
        return f"I{self.loops}=0; while [ $((I{self.loops}+=1)) -lt 3 ]; do {self.listed()}; done"

    def case(self) -> str:
        """`case`."""
        return f"case $X in 1) {self.listed()};; a*|2) {self.listed()};; *) {self.listed()};; esac"

    def function(self) -> str:
        """A function that does not call itself for ever."""
        if self.depth > 1:
            return self.group()
        body = self.listed()
        self.functions += 1
        return f"f{self.functions - 1}() {{ [ $((D+=1)) -gt 40 ] && return; {body}; }}"

    def substitution(self) -> str:
        """`$( )`."""
        return f"W=$({self.listed()} >&9)"


CONSTRUCTS: tuple[Callable[[Prober], str], ...] = (
    Prober.subshell, Prober.group, Prober.if_, Prober.if_, Prober.for_, Prober.while_, Prober.case, Prober.function,
    Prober.substitution,
)  # fmt: skip


def told_by_bash(script: str) -> Iterator[tuple[str, dict[str, str], dict[str, bool]]]:
    """Of each probe that was run its number, the variables, and whether noglob and pipefail were on."""
    done = subprocess.run(["bash", "-c", PRELUDE + script], capture_output=True, text=True, timeout=20)
    for line in done.stdout.splitlines():
        number, *values, letters, pipefail = line.split("|")
        options = {"noglob": "f" in letters, "pipefail": pipefail == "p"}
        yield number, dict(zip(NAMES, values, strict=True)), options
