"""`stackferry convert`: a stack as Kubernetes manifests, on standard output, in a file or in a folder."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stackferry.options.stack_options import load_stack, stack_options
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded
    from stackferry.grammar.diagnostics import Diagnostic
    from stackferry.translator import Explanation, Translation

_FILE_SUFFIXES = (".yaml", ".yml", ".json")


@stack_options
def convert(
    session: Session,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR|FILE",
            help="Write a file per object into DIR, or all into FILE (*.yaml, *.yml, *.json).",
        ),
    ] = None,
    format_: Annotated[
        Literal["yaml", "json", "tree"] | None,
        typer.Option("--format", help="Notation; tree is an overview. Default: yaml, for FILE what its name says."),
    ] = None,
    namespace: Annotated[
        str | None,
        typer.Option("-n", "--namespace", metavar="NAME", help="Put every object into this namespace, and create it."),
    ] = None,
    check_: Annotated[
        str | None,
        typer.Option("--check", metavar="DIR|FILE", help="Write nothing; exit with 1 if what is there is out of date."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if anything becomes worse than exact; the output is the same.")
    ] = False,
) -> int:
    """Turn a stack into Kubernetes manifests.

    They go to standard output, for: stackferry convert | kubectl apply -f -

    What needs your attention goes to standard error, and a one-line summary at the end;
    with --format json all of that is one JSON list.
    """
    from stackferry.explanations import account
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.translator import Options, check, translate

    session.machine = format_ == "json"
    if output is not None and format_ == "tree":
        raise typer.BadParameter("a tree is for reading; leave out -o", param_hint="--format")
    if check_ is not None and (output is not None or format_ == "tree"):
        raise typer.BadParameter("it writes nothing: leave out -o, and --format tree", param_hint="--check")
    loaded = load_stack(session)
    _spare(loaded, output, "--output")
    _spare(loaded, check_, "--check")
    translation = translate(loaded.project, session.files, Options(namespace=namespace, origin=loaded.origin))
    complaints = check(translation.objects, translation.existing)
    if complaints:
        session.report(complaints)
        raise StackferryError(
            "internal error: the manifests do not fit together; nothing was written",
            "this is a bug in stackferry: please report it with the compose file and the lines above",
        )
    explanation = account(loaded, translation)
    session.report(_warnings(loaded, translation, explanation))
    stale = check_ is not None and _is_stale(session, translation, check_, format_)
    if check_ is None:
        _write(session, translation, output, format_)
    session.note(f"{loaded.name}: {explanation.summary()}. stackferry explain lists them.")
    return 1 if stale or (strict and not explanation.faithful) else 0


def _spare(loaded: "Loaded", target: str | None, option: str) -> None:
    """Refuse a file of the stack itself as the place of its manifests."""
    if target is not None and os.path.realpath(target) in map(os.path.realpath, (*loaded.files, *loaded.sources)):
        raise typer.BadParameter(f"{target} is a compose file of the stack: name another", param_hint=option)


def _warnings(loaded: "Loaded", translation: "Translation", explanation: "Explanation") -> list["Diagnostic"]:
    """What needs somebody's attention: the notes, and every key whose fate needs it without a note of its own."""
    from stackferry.grammar.diagnostics import Diagnostic, Severity
    from stackferry.translator import Kind, diagnostics

    noted = {note.path[:length] for note in translation.notes for length in range(len(note.path) + 1)}
    codes = {Kind.NEEDS_ACTION: "kubernetes-needs-action", Kind.NOT_YET: "kubernetes-not-yet"}
    found = [one for one in diagnostics(translation.notes, loaded.origin) if one.severity is not Severity.INFO]
    found += [
        Diagnostic(codes[row.kind], Severity.WARNING, f"{row.key}: {row.why}", row.span, row.hint)
        for row in explanation.rows
        if row.kind in codes and row.path not in noted
    ]
    return found


def _is_stale(session: Session, translation: "Translation", target: str, notation: str | None) -> bool:
    """Whether the manifests on disk are out of date; each that is gets reported."""
    from stackferry.grammar.diagnostics import Diagnostic, Severity
    from stackferry.grammar.source import Span
    from stackferry.translator.comparison import stale_files

    form = notation or ("json" if target.endswith(".json") else "yaml")
    found = stale_files(target, translation.objects, form)
    hint = f"stackferry convert -o {target} writes it anew"
    session.report(
        Diagnostic(
            "stale-manifest",
            Severity.ERROR,
            one.message if one.line else f"{one.path} {one.message}",
            Span(one.path, one.line, 1) if one.line else None,
            hint,
        )
        for one in found
    )
    return bool(found)


def _write(session: Session, translation: "Translation", output: str | None, notation: str | None) -> None:
    """Put the manifests where they are wanted."""
    from stackferry.render.tree import object_tree
    from stackferry.translator import render_json, render_yaml, write_file, write_folder

    objects = translation.objects
    if output is None or output == "-":
        if notation == "tree":
            bodies = [one.body for one in objects]
            text = object_tree(translation.project.name, bodies, session.style(error_stream=False)) + "\n"
        else:
            text = (render_json if notation == "json" else render_yaml)(objects)
        sys.stdout.write(text)
        sys.stdout.flush()
    elif output.endswith(_FILE_SUFFIXES):
        write_file(output, objects, notation or ("json" if output.endswith(".json") else "yaml"))
    else:
        written = write_folder(output, objects, notation or "yaml")
        session.note(f"{len(written)} files in {output}")
