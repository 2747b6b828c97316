"""DL3047: Use wget --progress=dot:giga.

wget draws a bar for a terminal; in the log of a build it becomes thousands of lines.

    RUN wget https://example.com/app.tar.gz

    RUN wget --progress=dot:giga https://example.com/app.tar.gz

`-q`, `-nv` and a log file of its own are as good. Busybox's wget has no such option: without the set hadolint, images
with busybox are left alone until they install wget.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.images import is_busybox
from stackferry.grammar.dockerfile.facts.packages import package_calls
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings

_LONG = frozenset(("progress", "quiet", "no-verbose", "output-file", "append-output"))
_LETTERS = frozenset("qoa")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Calls of wget that draw a bar."""
    for step in file.steps("RUN"):
        if settings.hadolint:
            places = [call.place for call in step.plain_calls if call.program == "wget" and not _is_quiet(call)]
        else:
            places = [call.place for call in step.calls() if call.program == "wget" and _draws(call, step)]
        for place in places:
            yield Hit(
                place.start, place.end, "wget fills the log with its progress bar", "write wget --progress=dot:giga"
            )


def _is_quiet(call: "PlainCall") -> bool:
    return call.has_flag(*_LONG, *_LETTERS) or call.has("-nv")


def _draws(call: "Call", step: "Step") -> bool:
    """Whether a call is known to draw one."""
    if any(argument.value is None for argument in call.invocation.arguments):
        return False
    for value in call.values:
        quiet = value[2:].partition("=")[0] in _LONG if value[:2] == "--" else not _LETTERS.isdisjoint(value)
        if value.startswith("-") and (quiet or value == "-nv"):
            return False
    return not _is_busybox(step)


def _is_busybox(step: "Step") -> bool:
    """Whether wget is busybox's: the image's shell is, and no apk brings another."""
    if not is_busybox(step.stage.root.image or ""):
        return False
    for stage in step.stage.lineage:
        for other in stage.steps:
            if other.keyword == "RUN" and other.index <= step.index:
                for call in package_calls(other, "apk"):
                    if call.action == "add" and any(
                        (operand.value or "").partition("=")[0] == "wget" for operand in call.operands
                    ):
                        return False
    return True
