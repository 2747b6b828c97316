"""The remarks on a text as a few lines that are parsed quickly: a cache keeps one such record per text.

The first line has the number of remarks, so that a truncated record is noticed; a remark is a line of tab-separated
fields. Not JSON, because most runs only read records, and so need not import json.
"""

from collections.abc import Iterable

from stackferry.grammar.lint.shellcheck.remark import Remark

_HEAD = "remarks"


def record(remarks: Iterable[Remark]) -> bytes:
    """Remarks as a record."""
    lines = ["\t".join(map(str, remark)) for remark in remarks]
    return "\n".join((f"{_HEAD} {len(lines)}", *lines, "")).encode("utf-8", "surrogatepass")


def recorded(content: bytes) -> tuple[Remark, ...] | None:
    """The remarks of a record; None if it is invalid or truncated."""
    try:
        head, *lines, end = content.decode("utf-8", "surrogatepass").split("\n")
        if head == f"{_HEAD} {len(lines)}" and not end:
            return tuple(_remark(line.split("\t")) for line in lines)
    except ValueError:
        pass
    return None


def _remark(fields: list[str]) -> Remark:
    line, column, end_line, end_column, level, code, message, fix = fields
    return Remark(int(line), int(column), int(end_line), int(end_column), level, code, message, fix)
