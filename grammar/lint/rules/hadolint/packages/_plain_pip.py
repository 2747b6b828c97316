"""pip as hadolint reads it: for the rules on it, with the set hadolint."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.packages._plain_caches import plainly_mounted
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build, Stage
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.dockerfile.facts.step import Step


def is_install(call: "PlainCall") -> bool:
    """Whether a call is `pip install`, `pip3 install`, or `python -m pip install` in these very words."""
    texts = call.texts
    if call.program.startswith("pip"):
        return "install" in texts and not call.program.startswith("pipenv")
    return call.program.startswith("python") and any(
        texts[at : at + 3] == ("-m", "pip", "install") for at in range(len(texts) - 2)
    )


_OFF = ("1", "true", "yes", "on")
_SETTING = regex(r"PIP_NO_CACHE_DIR=(\S*)")


def caching_installs(file: "Build") -> "Iterator[PlainCall]":
    """The installs that keep what they download, for DL3042.

    Nothing is kept where ENV has said so in the stage, or in one with the name of its image; nor where the RUN sets the
    variable, anywhere in its text.
    """
    off: set[str] = set()
    for stage in file.parts:
        name = _name(stage)
        if _image_name(stage) in off:
            off.add(name)
        triggered = False
        for step in stage.steps:
            if step.keyword == "ENV":
                switched = any(
                    pair.name.text == "PIP_NO_CACHE_DIR"
                    and pair.value is not None
                    and pair.value.text.strip("\"'").lower() in _OFF
                    for pair in step.instruction.pairs
                )
                triggered = triggered or (switched and step.onbuild)
                if switched and not step.onbuild:
                    off.add(name)
            elif step.keyword == "RUN" and not (triggered if step.onbuild else name in off):
                yield from _caching(step)


def _caching(step: "Step") -> "Iterator[PlainCall]":
    script = step.plain_script
    setting = _SETTING.search(script.text) if script else None
    if (setting and setting[1].lower().startswith(_OFF)) or plainly_mounted(step, ".cache/pip"):
        return
    for call in step.plain_calls:
        if is_install(call) and "pipx" not in call.program and not call.has("--no-cache-dir"):
            yield call


def _name(stage: "Stage") -> str:
    """What stands for a stage: its name as it is written, or else its image."""
    words = stage.instruction.words
    return words[2].text if stage.name else _image_name(stage)


def _image_name(stage: "Stage") -> str:
    rest = stage.base.text.partition("@")[0]
    return rest[: rest.rfind(":")] if rest.rfind(":") > rest.rfind("/") else rest
