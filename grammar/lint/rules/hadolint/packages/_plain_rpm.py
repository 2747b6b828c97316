"""Packages of yum and dnf as hadolint reads them: for the rules on pinned versions, with the set hadolint."""

from typing import TYPE_CHECKING

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.word import Variable

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.shell.word import ShellWord

_FIXED = regex(r"-\d[A-Za-z0-9_.~^:+-]*\Z")


def unpinned_packages(call: "PlainCall", *programs: str) -> "list[tuple[str, ShellWord]]":
    """The packages that an install names without a version; a module has its stream.

    A variable that ARG or ENV has set, whatever it holds, is as good as a version.
    """
    if call.program not in programs or not call.has("install"):
        return []
    is_module = call.has("module")
    words = ("install", "module") if is_module else ("install",)
    step = call.invocation.script.step
    return [
        (text, word)
        for text, word in call.operands()
        if text not in words and not (":" in text if is_module else _is_fixed(_with_versions(text, word, step)))
    ]


def _is_fixed(text: str) -> bool:
    return "$" not in text and bool(_FIXED.search(text))


def _with_versions(text: str, word: "ShellWord", step: "Step") -> str:
    if word.literal is not None or step.onbuild:
        return text
    for piece in word.parts:
        if isinstance(piece, Variable) and not piece.operator and not piece.prefix and _is_set(piece.name, step):
            text = text.replace(f"${{{piece.name}}}", "0")
    return text


def _is_set(name: str, step: "Step") -> bool:
    return name in step.variables or any(
        pair.name.text == name for instruction in step.stage.build.arguments for pair in instruction.pairs
    )
