"""`--format` of docker's lists: a table, JSON lines, or a Go template with or without a heading.

A list consists of rows with named fields; docker's fields have fixed names, headings and an order in the table.
"""

import json
from collections.abc import Callable, Mapping, Sequence

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.render.columns import columns
from stackferry.render.template_defaults import whole

Row = Mapping[str, object]

FORMAT_HELP = "table, json, a Go template, or table with one."


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of list: the heading of every field, the fields of the table, and the field of `--quiet`.

    A field whose name is not capitalised is only for the table.
    """

    headings: Mapping[str, str]
    shown: tuple[str, ...]
    quiet: str = "ID"


def listing(shape: Shape, rows: Sequence[Row], form: str | None, *, quiet: bool = False) -> str:
    """The rows in the requested form. A table shows the part of a field's text that `TABLE` selects."""
    form = form or "table"
    if form == "json":
        return "".join(
            f"{json_text({name: row.get(name, '') for name in shape.headings if name[0].isupper()})}\n" for row in rows
        )
    if quiet and form == "table":
        return "".join(f"{row[shape.quiet]}\n" for row in rows)
    if form == "table":
        heading = [shape.headings[name] for name in shape.shown]
        return columns([heading, *([str(row[name]) for name in shape.shown] for row in rows)])
    if form.startswith("table"):
        text = _unescaped(form.removeprefix("table").strip(" "))
        headings = {**shape.headings, "Label": _heading_of_label}
        lines = [template(text, row, _OF_ROWS) for row in (headings, *rows)]
        return columns([line.split("\t") for line in lines])
    return "".join(f"{template(_unescaped(form), row, _OF_ROWS)}\n" for row in rows)


def label(labels: Mapping[str, str]) -> Callable[[str], str]:
    """The field `{{.Label "key"}}` of a row; empty if the label is missing."""
    return lambda key: labels.get(key, "")


def _heading_of_label(key: str) -> str:
    return key.rpartition(".")[2].replace("-", " ").replace("_", " ")


def is_table(form: str | None) -> bool:
    """Whether the form is a table with headings."""
    return not form or form.startswith("table")


def objects(found: Sequence[object], form: str | None) -> str:
    """The output of `inspect`: a JSON list, or each object rendered with a template."""
    if not form:
        return json.dumps(found, indent=4, ensure_ascii=False).translate(_HTML) + "\n"
    if form == "json":
        return "".join(f"{json.dumps(one, separators=(',', ':'), ensure_ascii=False)}\n" for one in found)
    return "".join(f"{template(form, whole(one))}\n" for one in found)


def template(text: str, data: object, functions: Mapping[str, Callable[..., object]] | None = None) -> str:
    """A Go template rendered with one object."""
    from stackferry.grammar.gotemplate import render

    try:
        return render(text, data, functions)
    except StackferryError as error:
        raise StackferryError(f"template parsing error: {error}", error.hint) from error


_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""Go's JSON encoder escapes HTML's special characters, also in the lists and objects that docker prints."""


def json_text(value: object) -> str:
    """JSON on one line as in docker's lists."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True).translate(_HTML)


def _json_of(value: object) -> str:
    """`{{json .}}`: a whole row is written as with `--format json`; a single field keeps HTML's characters."""
    from stackferry.grammar.gotemplate.functions import to_json

    if not isinstance(value, Mapping):
        return to_json(value)
    return json_text({key: one for key, one in value.items() if not callable(one)})


_OF_ROWS = {"json": _json_of}


def _unescaped(text: str) -> str:
    return text.replace("\\t", "\t").replace("\\n", "\n")
