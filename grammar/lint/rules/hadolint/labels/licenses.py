"""License expressions of SPDX (`MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)`), for DL3054.

The ids are facts of the SPDX License List, and stand in `spdx.txt`, which is read when a license is to be judged.
"""

import os
from functools import cache

from stackferry.grammar.regex import regex
from stackferry.grammar.suggest import Suggestions

_TOKEN = regex(r"[()]|[^\s()]+")
_OWN = regex(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
_WORDS = ("AND", "OR", "WITH")


@cache
def ids() -> dict[str, str]:
    """Ids to what they are: license, deprecated (a license, too) or exception."""
    kinds = {" ": "license", "-": "deprecated", "+": "exception"}
    with open(os.path.join(os.path.dirname(__file__), "spdx.txt"), encoding="utf-8") as stream:
        return {line[2:].rstrip(): kinds[line[0]] for line in stream if line[0] in kinds}


def mistake(expression: str, suggestions: Suggestions) -> tuple[str, str] | None:
    """What is wrong with an expression, and what to write; None if nothing is."""
    depth, wanted = 0, "license"
    for piece in _TOKEN.findall(expression):
        if wanted == "operator":
            if piece == ")" and depth:
                depth -= 1
            elif piece in _WORDS:
                wanted = "exception" if piece == "WITH" else "license"
            else:
                return f"{piece!r} is misplaced", "put AND, OR or WITH between ids"
        elif piece == "(" and wanted == "license":
            depth += 1
        else:
            wrong = _mistake(piece, wanted, suggestions)
            if wrong is not None:
                return wrong
            wanted = "operator"
    if wanted != "operator" or depth:
        return ("it is empty" if not expression.strip() else "it is not complete"), "write an id such as Apache-2.0"
    return None


def _mistake(token: str, wanted: str, suggestions: Suggestions) -> tuple[str, str] | None:
    """What is wrong with an id where a license or an exception is wanted."""
    kind = ids().get(token) or (ids().get(token.removesuffix("+")) if wanted == "license" else None)
    if kind == wanted or (wanted == "license" and _OWN.fullmatch(token)):
        return None
    if kind == "deprecated" and wanted == "license":
        base = token.removesuffix("+")
        if f"{base}-only" in ids():
            return f"{token} is deprecated", f"write {base}-or-later" if token != base else f"write {base}-only"
        return f"{token} is deprecated", "write an id such as Apache-2.0"
    known = [name for name, other in ids().items() if other == wanted]
    same = next((name for name in known if name.lower() == token.lower()), "")
    hint = f"write {same}" if same else suggestions.did_you_mean(token, known) or "write an id such as Apache-2.0"
    return f"{token!r} is not in the SPDX license list", hint
