"""The remarks on a text as a few lines that are read back quickly: what a cache keeps, one record a text.

A line says how many remarks follow, so that a record that was cut off is seen; a remark is a line of fields with tabs
between them. Not JSON, because most runs read records only, and then need no JSON.
"""

from collections.abc import Iterable

from stackferry.grammar.lint.shellcheck.remark import Remark

_HEAD = "remarks"


def record(remarks: Iterable[Remark]) -> bytes:
    """Remarks as a record."""
    lines = ["\t".join(map(str, remark)) for remark in remarks]
    return "\n".join((f"{_HEAD} {len(lines)}", *lines, "")).encode("utf-8", "surrogatepass")


def recorded(content: bytes) -> tuple[Remark, ...] | None:
    """The remarks of a record; None if it is none, or not a whole one."""
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
