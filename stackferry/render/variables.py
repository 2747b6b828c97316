"""The variables of a stack in the three formats of `docker compose config --variables`."""

import json
from collections.abc import Callable, Mapping, Sequence

from stackferry.grammar.compose.output.render import render_yaml
from stackferry.grammar.compose.phases.variables import Wanted

_HEADINGS = ("NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE")
_NARROWEST, _GAP = 20, 3


def variable_table(found: Sequence[Wanted]) -> str:
    """A table padded as docker compose pads it (Go's tabwriter), so that scripts that cut at columns keep working."""
    rows = [_HEADINGS, *((one.name, str(one.required).lower(), one.default, one.alternate) for one in found)]
    widths = [max(_NARROWEST, *(len(row[at]) + _GAP for row in rows)) for at in range(len(_HEADINGS) - 1)]
    return "".join(
        "".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)) + row[-1] + "\n" for row in rows
    )


def variable_json(found: Sequence[Wanted]) -> str:
    """An object per variable, by name."""
    document = {
        one.name: {
            "Name": one.name,
            "DefaultValue": one.default,
            "PresenceValue": one.alternate,
            "Required": one.required,
        }
        for one in found
    }
    return json.dumps(document, indent=4, ensure_ascii=False) + "\n"


def variable_yaml(found: Sequence[Wanted]) -> str:
    """The same as YAML, with keys in lower case as in docker compose."""
    document = {
        one.name: {
            "name": one.name,
            "defaultvalue": one.default,
            "presencevalue": one.alternate,
            "required": one.required,
        }
        for one in found
    }
    return render_yaml(document).replace("\n  ", "\n    ")


NOTATIONS: Mapping[str | None, Callable[[Sequence[Wanted]], str]] = {
    None: variable_table,
    "json": variable_json,
    "yaml": variable_yaml,
}
