"""arg-out-of-scope: Repeat a global ARG in the stage that reads it.

An ARG before the first FROM is there for FROM alone. In a stage its name is empty, and nothing fails.

    ARG VERSION=1.27
    FROM alpine:3.20
    RUN wget "https://example.com/app-${VERSION}.tar.gz"

Repeat it without a value, below FROM and before its first use:

    ARG VERSION=1.27
    FROM alpine:3.20
    ARG VERSION
    RUN wget "https://example.com/app-${VERSION}.tar.gz"

A stage built on one that repeats it has it, too. Nothing is said of CMD, ENTRYPOINT and HEALTHCHECK, whose variables
are those of the running container, of names that the script sets, and of names that the base image is known to set.
With a default in place (`${VERSION:-1}`) it is an info. Asked for in hadolint #1012 and buildkit #5134.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.base_environment import EVERYWHERE, OF_IMAGES, is_bare
from stackferry.grammar.dockerfile.facts.scope import PLATFORM, PROXIES
from stackferry.grammar.dockerfile.facts.shell_uses import shell_uses
from stackferry.grammar.dockerfile.facts.uses import used_in, uses, word_range
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings

_DEFAULTS = ("-", ":-", "+", ":+", "=", ":=")
_KEYWORDS = ("ADD", "ARG", "COPY", "ENV", "EXPOSE", "LABEL", "RUN", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Global arguments that a stage reads and does not have (BuildKit's dispatchArg)."""
    declared = {pair.name.text for instruction in file.arguments for pair in instruction.pairs}
    declared -= PLATFORM | PROXIES | EVERYWHERE
    if not declared:
        return
    for step in file.steps(*_KEYWORDS):
        if step.onbuild:
            continue
        names = declared if is_bare(step.stage.root.image) else declared - OF_IMAGES
        found: dict[int, Hit] = {}
        for name, operator, start, end in _reads(step, names):
            message = f"{name} is empty here: an ARG before the first FROM is not in scope inside a stage"
            severity = "info" if operator in _DEFAULTS else ""
            found.setdefault(
                start, Hit(start, end, message, f"repeat ARG {name} in this stage, above this line", severity)
            )
        yield from (found[start] for start in sorted(found))


def _reads(step: "Step", names: set[str]) -> Iterator[tuple[str, str, int, int]]:
    """Names that a step reads and that are not set there, with operator and range.

    The builder's own come one by one, a script's each once.
    """
    for use in uses(step):
        if use.name in names and not use.is_set:
            yield use.name, use.operator, use.start, use.end
    if step.keyword == "EXPOSE":
        for word in step.instruction.words:
            for read in used_in(word.text, step.stage.build.dockerfile.escape):
                if read.name in names and read.name not in step.variables:
                    yield read.name, read.operator, *word_range(step.instruction, word, read)
    if step.keyword == "RUN":
        said: set[str] = set()
        for name, operator, start, end in shell_uses(step):
            if name in names and name not in said and name not in step.variables:
                said.add(name)
                yield name, operator, start, end
