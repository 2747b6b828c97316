"""broken-exec-form: Write the exec form as JSON.

What begins with a bracket and is not JSON is taken for shell text, and the shell finds no program of that name.

    FROM node:22
    CMD ['node', "server.js",]

    FROM node:22
    CMD ["node", "server.js"]

JSON has double quotes, a comma between texts and none after the last, and nothing behind the bracket. Tests of a shell
(`[ "$A" = b ]`, `[[ … ]]`) are no exec forms, nor is PowerShell.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_KEYWORDS = ("ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "VOLUME")
_SCRIPTS = ("CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN")
_QUOTES = "\"'\u201c\u201d\u2018\u2019"
_LIKE_JSON = regex(rf"\[(?:[{_QUOTES}]|\s+[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]\s*,|[\w./-]+\s*,)")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Arguments that look like JSON and are none."""
    for step in file.steps(*_KEYWORDS):
        instruction = step.instruction
        if instruction.json is not None or not instruction.words or instruction.problems:
            continue
        if step.keyword in _SCRIPTS and step.shell.dialect in ("cmd", "powershell", ""):
            continue
        # The command of HEALTHCHECK is behind its CMD.
        word = instruction.words[-1] if step.keyword in _SCRIPTS else instruction.arguments
        text = word.text.strip()
        if _LIKE_JSON.match(text) and not text.startswith("[["):
            yield Hit(
                word.start, word.end, f"the exec form of {step.keyword} is not JSON: {_why(text)}", _hint(step.keyword)
            )


def _hint(keyword: str) -> str:
    return 'write ["program", "argument"]' if keyword in _SCRIPTS else 'write ["path", "path"]'


def _why(text: str) -> str:
    if not text.endswith("]"):
        return "it does not end with ]"
    if "'" in text or any(quote in text for quote in _QUOTES[2:]):
        return 'its quotes must be "'
    if text[1:-1].rstrip().endswith(","):
        return "nothing follows the last comma"
    return "each string must be in quotes, with commas between them"
