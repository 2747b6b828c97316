"""`stackferry explain`: what becomes of every key that a stack uses."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal

from stackferry.options.declaration import Option
from stackferry.options.stack_options import load_stack, stack_options
from stackferry.options.translation_options import TranslationChoice, translation_options
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded
    from stackferry.grammar.explanation import Explanation, Row


@stack_options
@translation_options
def explain(
    session: Session,
    choice: TranslationChoice,
    format_: Annotated[
        Literal["table", "json", "markdown"],
        Option("--format", help="Output format."),
    ] = "table",
    target: Annotated[
        Literal["kubernetes", "local"],
        Option("--target", help="Explain the translation to a cluster, or running on this machine's engine."),
    ] = "kubernetes",
) -> None:
    """Show what each key of the stack becomes in the manifests, and why.

    For each key: the line it was written on, its fate (exact, approximated, needs action, not applicable, not yet
    supported), its places in the manifests (… stands for spec.template.spec), and the reason. With --target local,
    the same for the stack on this machine's engine.
    """
    import shutil

    from stackferry.render.fates import fate_markdown, fate_table

    session.machine = format_ == "json"
    loaded = load_stack(session)
    explanation = _of_manifests(session, loaded, choice) if target == "kubernetes" else _of_engine(session, loaded)
    if format_ == "json":
        text = json.dumps([_plain(row) for row in explanation.rows], indent=2, ensure_ascii=False)
    elif format_ == "markdown":
        text = fate_markdown(explanation.rows, _PLACES[target].lower())
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        text = fate_table(explanation.rows, session.style(error_stream=False), width, _PLACES[target])
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
    session.note(f"{loaded.name}: {explanation.summary()}.")


_PLACES = {"kubernetes": "IN THE MANIFESTS", "local": "ON THE ENGINE"}


def _of_manifests(session: Session, loaded: "Loaded", choice: TranslationChoice) -> "Explanation":
    from stackferry.explanations import account
    from stackferry.translator import translate

    return account(loaded, translate(loaded.project, session.files, choice.options(loaded.origin)))


def _of_engine(session: Session, loaded: "Loaded") -> "Explanation":
    from stackferry.emulator.desired.stack import DesiredOptions, desired
    from stackferry.explanations import account_local

    # An external secret's content matters to nobody here.
    options = DesiredOptions(origin=loaded.origin)
    return account_local(loaded, desired(loaded.project, session.files, stored=lambda *_: b"", options=options))


def _plain(row: "Row") -> dict[str, object]:
    return {
        "key": row.key,
        "file": row.span.source if row.span else None,
        "line": row.span.line if row.span else None,
        "column": row.span.column if row.span else None,
        "fate": row.kind.value,
        "places": list(row.places),
        "why": row.why,
        "hint": row.hint,
        "codes": list(row.codes),
    }
