"""`stackferry convert`: a stack as Kubernetes manifests, on standard output, in a file or in a folder."""

import gc
import json
import os
import shlex
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from stackferry.options.declaration import Option, WrongValueError
from stackferry.options.stack_options import load_stack, said_again, stack_options
from stackferry.options.translation_options import TranslationChoice, translation_options
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded
    from stackferry.translator import Options, Translation

_FILE_SUFFIXES = (".yaml", ".yml", ".json")


@stack_options
@translation_options
def convert(
    session: Session,
    choice: TranslationChoice,
    output: Annotated[
        str | None,
        Option(
            "-o",
            "--output",
            metavar="DIR|FILE",
            help="Write one file for each object to DIR, or all to FILE (*.yaml, *.yml, *.json).",
        ),
    ] = None,
    format_: Annotated[
        Literal["yaml", "json", "tree"] | None,
        Option("--format", help="Output format; tree is an overview. Default: yaml, or what FILE's name says."),
    ] = None,
    check_: Annotated[
        str | None,
        Option("--check", metavar="DIR|FILE", help="Write nothing; exit with 1 if the output is out of date."),
    ] = None,
    orphans: Annotated[
        bool,
        Option(
            "--orphans",
            help="Of the objects that kubectl get -o json gives on standard input, print those that the stack no longer"
            " has, for kubectl delete -f -. Volumes and other stacks' objects are never among them.",
        ),
    ] = False,
    strict: Annotated[
        bool,
        Option("--strict", help="List everything that is not translated exactly; exit with 1 if there is any."),
    ] = False,
    strict_security: Annotated[
        bool,
        Option("--strict-security", help="List security controls that are lost; exit with 1 if there is any."),
    ] = False,
) -> int:
    """Convert the stack to Kubernetes manifests.

    They are written to standard output: stackferry convert | kubectl apply -f -

    What needs your attention is written to standard error, together with the command that prunes objects which
    earlier versions of the stack applied, and a summary of one line. With --format json it is one JSON list.
    """
    from stackferry.attention import findings, lost, refuse_unfit
    from stackferry.explanations import account
    from stackferry.translator import translate

    session.machine = format_ == "json"
    if output is not None and format_ == "tree":
        raise WrongValueError("omit -o: the tree is only for display", option="--format")
    if check_ is not None and (output is not None or format_ == "tree"):
        raise WrongValueError("omit -o and --format tree: nothing is written", option="--check")
    if orphans and (output is not None or check_ is not None or format_ == "tree" or "-" in session.stack.files):
        raise WrongValueError(
            "omit -f -, -o, --check and --format tree: standard input is the list of objects", option="--orphans"
        )
    loaded = load_stack(session)
    _spare(loaded, output, "--output")
    _spare(loaded, check_, "--check")
    options = choice.options(loaded.origin)
    translation = translate(loaded.project, session.files, options)
    if orphans:
        return _print_orphans(session, translation, options, format_)
    refuse_unfit(session, translation, "nothing was written")
    explanation = account(loaded, translation, places=False, every_row=strict_security)
    session.report(findings(loaded, translation, explanation, lossy=strict))
    insecure = lost(loaded, translation, explanation) if strict_security else []
    session.report(insecure)
    # What is there now lives until the end: without this the interpreter looks it all through when it leaves.
    gc.freeze()
    again = shlex.join(["stackferry", *said_again(session.stack), "convert", *choice.words()])
    stale = check_ is not None and _is_stale(session, translation, check_, format_, again)
    if check_ is None:
        _write(session, translation, output, format_)
        _note_ways(session, translation)
        if format_ != "tree":
            _note_removal(session, loaded.name, options, again)
    session.note(f"{loaded.name}: {explanation.summary()}. Run stackferry explain to list them.")
    return 1 if stale or insecure or (strict and not explanation.faithful) else 0


def _spare(loaded: "Loaded", target: str | None, option: str) -> None:
    """Refuse a file of the stack itself as the place of its manifests."""
    if target is not None and os.path.realpath(target) in map(os.path.realpath, (*loaded.files, *loaded.sources)):
        raise WrongValueError(f"{target} is a compose file of the stack: specify another file", option=option)


def _is_stale(session: Session, translation: "Translation", target: str, notation: str | None, command: str) -> bool:
    """Whether the manifests on disk are out of date; each that is gets reported, with the `command` that made them."""
    from stackferry.grammar.diagnostics import Diagnostic, Severity
    from stackferry.grammar.source import Span
    from stackferry.translator.comparison import stale_files

    form = notation or ("json" if target.endswith(".json") else "yaml")
    found = stale_files(target, translation.objects, form)
    hint = f"run {command} -o {shlex.quote(target)} to update it"
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
    from stackferry.translator import render_json, yaml_pieces

    objects = translation.objects
    if output is None or output == "-":
        text: Iterable[str]
        if notation == "tree":
            bodies = [one.body for one in objects]
            text = (object_tree(translation.project.name, bodies, session.style(error_stream=False)), "\n")
        else:
            text = (render_json(objects),) if notation == "json" else yaml_pieces(objects)
        sys.stdout.writelines(text)
        sys.stdout.flush()
    elif output.endswith(_FILE_SUFFIXES):
        from stackferry.translator.output import write_file

        write_file(output, objects, notation or ("json" if output.endswith(".json") else "yaml"))
    else:
        from stackferry.translator.output import write_folder

        written = write_folder(output, objects, notation or "yaml")
        session.note(f"{len(written)} files in {output}")


def _note_ways(session: Session, translation: "Translation") -> None:
    """How whoever is outside reaches what the stack publishes."""
    ways = [f"  {door}" for door in translation.doors]
    if ways:
        session.note("\n".join(["Reach it:", *ways]))


def _note_removal(session: Session, project: str, options: "Options", command: str) -> None:
    """How what was applied before and is no longer wanted goes away: `kubectl apply` leaves it there."""
    from stackferry.translator import query

    line = f"{query(project, options)} | {command} --orphans | kubectl delete -f -"
    session.note(f"If an earlier version is applied, remove first what the stack no longer has (never data):\n  {line}")


def _print_orphans(session: Session, translation: "Translation", options: "Options", notation: str | None) -> int:
    """Print what the cluster still has and the stack does not."""
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.translator import orphans, render_json, render_yaml

    try:
        held = json.loads(session.stdin() or b"null")
    except ValueError as error:
        raise StackferryError(
            f"standard input is not valid JSON: {error}", "pipe the output of `kubectl get … -o json` into it"
        ) from error
    found = orphans(held, translation, options.namespace)
    sys.stdout.write((render_json if notation == "json" else render_yaml)(found))
    sys.stdout.flush()
    session.note(f"{translation.project.name}: {len(found)} object{'s' * (len(found) != 1)} no longer in the stack.")
    return 0
