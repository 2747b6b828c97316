"""Where the docker command finds build secrets that are in none of the user's files."""

import os
from collections.abc import Iterable
from pathlib import Path

from stackferry.emulator.engine.bake import Sources, fields
from stackferry.emulator.engine.image import BuildSecret

_LONGEST = 100_000
"""The longest variable, in bytes, that every system accepts."""


def placed(secrets: Iterable[BuildSecret], folder: Path) -> tuple[Sources, dict[str, str]]:
    """The source of each secret in the format of `--secret`, and the variables that the command needs.

    What cannot be a variable is written to `folder`, which is private and removed after the build.
    """
    sources: dict[BuildSecret, str] = {}
    variables: dict[str, str] = {}
    for number, secret in enumerate(dict.fromkeys(secrets)):
        if secret.file:
            continue
        name = f"STACKFERRY_BUILD_SECRET_{number}"
        text = _as_variable(secret.content)
        if text is not None:
            variables[name] = text
            sources[secret] = f"type=env,env={name}"
        else:
            sources[secret] = fields("type=file", f"src={_written(folder / name, secret.content)}")
    return sources, variables


def _as_variable(content: bytes) -> str | None:
    if b"\0" in content or len(content) > _LONGEST:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _written(path: Path, content: bytes) -> Path:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return path
