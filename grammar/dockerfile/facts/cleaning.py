"""What a RUN leaves in the image: directories that it empties, and directories that a mount keeps out of the image."""

from typing import TYPE_CHECKING

from stackferry.grammar.files import is_within

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Stage
    from stackferry.grammar.dockerfile.facts.commands import Invocation
    from stackferry.grammar.dockerfile.facts.step import Step


def mounted(step: "Step", folder: str) -> bool:
    """Whether a cache or tmpfs mount covers a directory, so that none of its content gets into the image."""
    for mount in step.mounts:
        if mount.type in ("cache", "tmpfs"):
            target = mount.target
            if target is None or (target and is_within(folder, _absolute(target, step))):
                return True
    return False


def _absolute(target: str, step: "Step") -> str:
    if target.startswith("/"):
        return target.rstrip("/") or "/"
    return f"{(step.workdir or '').rstrip('/')}/{target}".rstrip("/")


def removed(step: "Step", *folders: str) -> bool:
    """Whether a command of a step removes the content of one of the directories: `rm -rf /var/lib/apt/lists/*`."""
    for script in step.scripts:
        for invocation in script.commands:
            command = invocation.unwrapped
            if not _removes(command):
                continue
            for value in command.values:
                path = f"/root{value[1:]}" if value.startswith("~/") else value
                path = path.rstrip("*").rstrip("/")
                if path.startswith("/") and any(
                    is_within(path, folder) or is_within(folder, path) for folder in folders
                ):
                    return True
    return False


def _removes(command: "Invocation") -> bool:
    if command.program == "find":
        return command.has("-delete", "rm")
    return command.program == "rm" and any(_recursive(value) for value in command.values)


def _recursive(option: str) -> bool:
    return option == "--recursive" or (option.startswith("-") and not option.startswith("--") and "r" in option.lower())


def is_kept(stage: "Stage") -> bool:
    """Whether a stage's files get into an image: true for the last stage, and the stages it is based on.

    Files that are copied out of a stage leave its caches behind.
    """
    return any(part is stage for part in stage.build.parts[-1].lineage)
