"""`lint --migrate`: converts a .hadolint.yaml to our configuration, and shows what that changes.

Pure: text to text. The new file uses the set hadolint, so that its findings are those of the old one; `changes`
shows what another set would change for a project.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError
from stackferry.grammar.lint.catalogue import RETIRED, Catalogue
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.config.hadolint_config import config as config_of
from stackferry.grammar.lint.config.hadolint_file import HadolintKeys, RefusedError, read
from stackferry.grammar.lint.config.yaml_comments import Comments
from stackferry.grammar.lint.finding import Finding
from stackferry.grammar.regex import regex

_BARE_KEY = regex(r"[A-Za-z0-9_-]+")
_WIDTH = 100


class Migration(NamedTuple):
    """The text of the table `[tool.stackferry.lint]`, and remarks on settings that it cannot express."""

    text: str
    remarks: tuple[str, ...]


class Change(NamedTuple):
    """The change in one rule's findings: how many there were and are, by severity."""

    id: str
    before: Mapping[str, int]
    after: Mapping[str, int]


def migrate(text: str, path: str, catalogue: Catalogue, chosen: str = "hadolint") -> Migration:
    """Our configuration equivalent to a .hadolint.yaml, with those of its comments that belong to a line.

    `chosen` is the set it starts from. Raises SourceError if hadolint refuses the file.
    """
    try:
        keys = read(text, path)
    except RefusedError as error:
        notice = error.notice
        problem = Diagnostic(notice.code, Severity.ERROR, notice.message, notice.span, notice.hint)
        raise SourceError([problem]) from error
    config = config_of(keys, catalogue, path)._replace(set=chosen)
    return Migration("\n".join(_lines(config, keys, Comments(text), catalogue)) + "\n", tuple(_remarks(config, keys)))


def changes(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Change, ...]:
    """The rules whose findings changed, by their ids."""
    old, new = _counted(before), _counted(after)
    return tuple(
        Change(identifier, old.get(identifier, {}), new.get(identifier, {}))
        for identifier in sorted({*old, *new})
        if old.get(identifier) != new.get(identifier)
    )


def _counted(findings: Iterable[Finding]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for finding in findings:
        found.setdefault(finding.id, Counter())[finding.severity] += 1
    return {identifier: dict(counter) for identifier, counter in found.items()}


class _Entry(NamedTuple):
    """A value in TOML, and the comments above and after it."""

    value: str
    above: list[str]
    behind: str = ""


def _lines(config: Config, keys: HadolintKeys, comments: Comments, catalogue: Catalogue) -> Iterator[str]:
    places = keys.places
    for comment in comments.head():
        yield f"# {comment}".rstrip()
    yield "[tool.stackferry.lint]"
    yield f"set = {_quoted(config.set)}"
    place = places.get(("failure-threshold",)) or places.get(("no-fail",))
    yield from _entry("fail-on", _Entry(_quoted(config.fail_on), comments.above(place), comments.behind(place)))
    names = [name for name in dict.fromkeys(keys.ignored) if name in catalogue and name not in RETIRED]
    yield from _list("ignore", names, ("ignored",), keys, comments)
    if config.select:
        yield "# off by default in hadolint as well; there, a severity turns them on"
        yield f"select = [{', '.join(map(_quoted, config.select))}]"
    yield from _list("trusted-registries", config.settings.trusted_registries, ("trustedRegistries",), keys, comments)
    for key, theirs, value in (
        ("strict-labels", "strict-labels", "true" if config.settings.strict_labels else ""),
        ("pragmas", "disable-ignore-pragma", "" if config.heed_pragmas else "false"),
    ):
        if value:
            place = places.get((theirs,))
            yield from _entry(key, _Entry(value, comments.above(place), comments.behind(place)))
    yield from _severities(config, keys, comments, catalogue)
    if config.settings.label_schema:
        yield ""
        yield from (f"# {comment}".rstrip() for comment in comments.above(places.get(("label-schema",))))
        yield "[tool.stackferry.lint.label-schema]"
        for label, kind in config.settings.label_schema.items():
            place = places.get(("label-schema", label))
            yield from _entry(_key(label), _Entry(_quoted(kind), comments.above(place), comments.behind(place)))


def _severities(config: Config, keys: HadolintKeys, comments: Comments, catalogue: Catalogue) -> Iterator[str]:
    named = {name: severity for severity, names in keys.override.items() for name in names}
    named = {name: severity for name, severity in named.items() if catalogue.ids(name)}
    if not named:
        return
    yield ""
    yield from (f"# {comment}".rstrip() for comment in comments.above(keys.places.get(("override",))))
    yield "[tool.stackferry.lint.severity]"
    for severity in ("error", "warning", "info", "style"):
        above = comments.above(keys.places.get(("override", severity)))
        for name in dict.fromkeys(keys.override.get(severity, ())):
            ids = catalogue.ids(name) or ()
            # An id in two lists gets the worse severity.
            if any(config.severities[identifier] == severity for identifier in ids):
                place = keys.places.get(("override", severity, name))
                above += comments.above(place)
                yield from _entry(_key(name), _Entry(_quoted(severity), above, comments.behind(place)))
                above = []


def _list(
    key: str, values: Iterable[str], place: tuple[str, ...], keys: HadolintKeys, comments: Comments
) -> Iterator[str]:
    """A list: on one line if it is short and its items have no comments."""
    above = comments.above(keys.places.get(place))
    behind = comments.behind(keys.places.get(place))
    items = []
    for value in values:
        span = keys.places.get((*place, value))
        items.append(_Entry(_quoted(value), comments.above(span), comments.behind(span)))
    if not items:
        return
    line = f"[{', '.join(item.value for item in items)}]"
    if len(line) <= _WIDTH and not any(item.above or item.behind for item in items):
        yield from _entry(key, _Entry(line, above, behind))
        return
    yield from (f"# {comment}".rstrip() for comment in above)
    yield f"{key} = [{f'  # {behind}' if behind else ''}"
    for item in items:
        yield from (f"    # {comment}".rstrip() for comment in item.above)
        yield f"    {item.value},{f'  # {item.behind}' if item.behind else ''}"
    yield "]"


def _entry(key: str, entry: _Entry) -> Iterator[str]:
    yield from (f"# {comment}".rstrip() for comment in entry.above)
    yield f"{key} = {entry.value}{f'  # {entry.behind}' if entry.behind else ''}"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = (
        f"\\u{ord(letter):04x}" if letter < " " or letter == "\x7f" else {"\\": "\\\\", '"': '\\"'}.get(letter, letter)
        for letter in text
    )
    return f'"{"".join(escaped)}"'


def _remarks(config: Config, keys: HadolintKeys) -> Iterator[str]:
    if keys.format:
        yield f"format: {keys.format} is not carried over: pass --format {keys.format} where you run the linter"
    if keys.no_color:
        yield "no-color is not carried over: set NO_COLOR=1 where you run the linter"
    for notice in config.notes:
        what = (
            "is not carried over, and hadolint ignores it as well"
            if notice.code == "unknown-key"
            else "and is not carried over"
        )
        yield f"{notice.message} {what}"
    for name in (*keys.ignored, *(name for names in keys.override.values() for name in names)):
        if name in RETIRED:
            yield f"{name} is not carried over: hadolint has retired it, so it has no effect"
    yield "this file applies to the Dockerfiles below its folder, wherever you run the linter"
    yield "where it applies, HADOLINT_* variables are ignored"
