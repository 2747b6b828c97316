"""A script as text, one line per pipeline, command and construct, for tests and debugging.

Nothing in the linter imports it.
"""

from stackferry.grammar.shell.script import Assignment, Command, Construct, Pipeline, Redirect, Script
from stackferry.grammar.shell.word import Arithmetic, Elements, Literal, Part, ShellWord, Substitution, Variable

Entry = Construct | Pipeline | Command

_DEEPER = {"condition": 1, "branch": 1, "body": 1, "substitution": 3, "process": 3}
"""How many levels deeper than its parent a construct is shown; 2 for an element of a pipeline."""


def dump(script: Script) -> str:
    """All entries in text order, indented by depth."""
    depths = {-1: -1}
    for construct in script.constructs:
        depths[construct.number] = depths[construct.parent] + _DEEPER.get(construct.kind, 2)
    placed: list[tuple[int, int, Entry]] = [
        (construct.start, depths[construct.number], construct) for construct in script.constructs
    ]
    placed += [(pipeline.start, depths[pipeline.parent] + 1, pipeline) for pipeline in script.pipelines]
    placed += [(command.start, depths[command.parent] + 2, command) for command in script.commands]
    placed.sort(key=lambda entry: entry[:2])
    lines = [f"{'  ' * depth}{_line(entry)}" for _, depth, entry in placed]
    if not script.complete:
        lines.append(f"broken at {script.broken}")
    return "".join(f"{line}\n" for line in lines)


def _line(entry: Entry) -> str:
    place = f"{entry.start}-{entry.end}"
    match entry:
        case Pipeline():
            marks = [
                f"{entry.before!r} before" if entry.before else "",
                f"{entry.after!r} after" if entry.after else "",
            ]
            marks += [" ".join(entry.operators), "negated" if entry.negated else "", f"test of {entry.test}"]
            shown = [mark for mark in marks if mark and mark != "test of "]
            return f"pipeline {place}" + "".join(f", {mark}" for mark in shown)
        case Construct():
            words = "".join(f" {_word(word)}" for word in entry.words)
            name = f" {entry.name}" if entry.name else ""
            return f"{entry.kind}{name} {place}{words}{_redirects(entry.redirects)}"
        case Command():
            assignments = "".join(f" {_assignment(assignment)}" for assignment in entry.assignments)
            words = "".join(f" {_word(word)}" for word in entry.words)
            return f"command {place}{assignments}{words}{_redirects(entry.redirects)}"


def _assignment(assignment: Assignment) -> str:
    subscript = "" if assignment.subscript is None else f"[{assignment.subscript}]"
    return f"{assignment.name}{subscript}{'+' if assignment.append else ''}={_word(assignment.value)}"


def _redirects(redirects: tuple[Redirect, ...]) -> str:
    return "".join(f" {_redirect(redirect)}" for redirect in redirects)


def _redirect(redirect: Redirect) -> str:
    shown = f"{redirect.descriptor}{redirect.operator}{_word(redirect.target)}"
    heredoc = redirect.heredoc
    if heredoc is None:
        return shown
    marks = "expanded" if heredoc.expand else "as it is"
    closed = "" if heredoc.closed >= 0 else ", not closed"
    return f"{shown}({heredoc.start}-{heredoc.end} {marks}{closed}: {_word(heredoc.body)})"


def _word(word: ShellWord) -> str:
    """A plain word as it is, any other as its parts."""
    if not word.pieces:
        return repr(word.text) if "\n" in word.text or " " in word.text or not word.text else word.text
    return "+".join(_part(part) for part in word.pieces)


def _part(part: Part) -> str:
    quotes = '"' if getattr(part, "quoted", False) else ""
    match part:
        case Literal():
            return repr(part.value) if part.quoted else part.value
        case Variable():
            subscript = "" if part.subscript is None else f"[{_word(part.subscript)}]"
            operand = "" if part.operand is None else f" {_word(part.operand)}"
            operand += "" if part.replacement is None else f" {_word(part.replacement)}"
            operator = f" {part.operator}" if part.operator else ""
            return f"{quotes}${{{part.prefix}{part.name}{subscript}{operator}{operand}}}{quotes}"
        case Substitution():
            return f"{quotes}{part.opening}#{part.construct}{quotes}"
        case Arithmetic():
            inner = "".join(f" {_part(inner)}" for inner in part.parts)
            return f"{quotes}(({part.text}{inner})){quotes}"
        case Elements():
            return f"({' '.join(_word(element) for element in part.words)})"
