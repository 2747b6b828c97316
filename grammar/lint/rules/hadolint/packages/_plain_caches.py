"""Caches that a RUN leaves, as hadolint reads them: for the rules on missing clean-ups, with the set hadolint."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rules.hadolint.packages._missing import plain_hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build, Stage
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.dockerfile.facts.step import Step


def plainly_uncleaned(
    file: "Build",
    leaves: "Callable[[PlainCall], bool]",
    cleans: "Callable[[PlainCall], bool]",
    mounts: tuple[tuple[str, ...], ...],
    actions: tuple[str, ...],
    message: str,
    hint: str,
    *,
    since: int | None = 1,
    kept_only: bool = False,
) -> Iterator[Hit]:
    """A hit for each RUN with a call that leaves a cache, unless the first call that cleans comes after the first such.

    `mounts`: what the targets of mounts have in them that keep the cache out, all of one entry. `since`: how far
    after; 0 for the call itself, None for anywhere. `kept_only`: only in the last stage, and in those that have
    the name of an image.
    """
    for step in file.steps("RUN"):
        if (kept_only and not _is_kept(step)) or any(
            all(plainly_mounted(step, folder) for folder in folders) for folders in mounts
        ):
            continue
        calls = step.plain_calls
        at = next((at for at, call in enumerate(calls) if leaves(call)), None)
        if at is None:
            continue
        clean = next((place for place, call in enumerate(calls) if cleans(call)), -1)
        if clean < (0 if since is None else at + since):
            yield plain_hit(calls[at], actions, message, hint)


def plainly_mounted(step: "Step", folder: str) -> bool:
    """Whether a cache or tmpfs mount has a folder in its target, wherever it is there."""
    for flag in step.instruction.flags_named("mount"):
        fields = [field.partition("=") for field in (flag.value or "").split(",")]
        values = {name.lower(): value.strip('"') for name, _, value in fields}
        target = values.get("target") or values.get("dst") or values.get("destination") or ""
        if values.get("type") in ("cache", "tmpfs") and folder in target:
            return True
    return False


def removes(call: "PlainCall", *folders: str) -> bool:
    """Whether a call counts as the removal of what is in some folders: any `rm -rf` does."""
    return call.program == "rm" and call.has("-rf", *(f"{folder}/*" for folder in folders))


def _is_kept(step: "Step") -> bool:
    """Whether a stage is the last, or one that looks the same, or another is built on its name."""
    stage, stages = step.stage, step.stage.build.parts
    if step.onbuild or _looks(stage) == _looks(stages[-1]):
        return True
    name = _written_name(stage)
    return bool(name) and any(_image_name(other.base.text) == name for other in stages)


def _looks(stage: "Stage") -> tuple[str, ...]:
    platform = stage.instruction.flag("platform")
    return (stage.base.text, _written_name(stage), platform.value or "" if platform else "")


def _written_name(stage: "Stage") -> str:
    words = stage.instruction.words
    return words[2].text if stage.name else ""


def _image_name(reference: str) -> str:
    rest = reference.partition("@")[0]
    return rest[: rest.rfind(":")] if rest.rfind(":") > rest.rfind("/") else rest
