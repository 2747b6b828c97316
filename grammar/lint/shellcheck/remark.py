"""Parses ShellCheck's output in the format `json1`, where a tab is one column."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Remark(NamedTuple):
    """One finding of ShellCheck. Lines and columns from 1, the end just after the last character.

    `code` is `SC2086`, `level` error, warning, info or style. `fix` is the text of its JSON object, empty if it has
    none: kept for future use.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    level: str
    code: str
    message: str
    fix: str = ""


def remarks(output: bytes) -> dict[str, list[Remark]]:
    """The remarks in an output by file name, without files that have none. ValueError if it is no such output."""
    import json

    found: dict[str, list[Remark]] = {}
    try:
        for comment in json.loads(output)["comments"]:
            found.setdefault(comment["file"], []).append(_remark(comment))
    except (KeyError, TypeError) as error:
        message = f"unexpected output of ShellCheck: {error!r}"
        raise ValueError(message) from error
    return found


def _remark(comment: Mapping[str, Any]) -> Remark:
    import json

    fix = comment.get("fix")
    return Remark(
        int(comment["line"]),
        int(comment["column"]),
        int(comment["endLine"]),
        int(comment["endColumn"]),
        str(comment["level"]),
        f"SC{comment['code']}",
        " ".join(str(comment["message"]).split()),
        json.dumps(fix, separators=(",", ":")) if fix else "",
    )
