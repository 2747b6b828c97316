"""Reads our own configuration: `[tool.stackferry.lint]` in pyproject.toml or stackferry.toml, there also `[lint]`.

Pure: text to `Config`. All errors in a file are reported at once, with their places.
"""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from stackferry.grammar.lint.catalogue import Catalogue
from stackferry.grammar.lint.config.config import FAIL_ON, Config
from stackferry.grammar.lint.config.toml_places import Places
from stackferry.grammar.lint.finding import SEVERITIES
from stackferry.grammar.lint.release import Releases
from stackferry.grammar.lint.settings import LABEL_TYPES, Settings
from stackferry.grammar.lint.terms import SETS, suggestion, term
from stackferry.grammar.suggest import closest

if TYPE_CHECKING:
    from stackferry.grammar.diagnostics import Diagnostics

PYPROJECT = "pyproject.toml"

_Table = dict[str, Any]
_KINDS = {str: "a text", bool: "true or false", list: "a list", dict: "a table", int: "a number", float: "a number"}


def read(text: str, path: str, catalogue: Catalogue, releases: Releases | None = None) -> Config | None:
    """The configuration in a file; None for a pyproject.toml without our table. `folder` is the directory of `path`.

    Raises SourceError with every problem of the file.
    """
    from tomllib import TOMLDecodeError, loads

    from stackferry.grammar.diagnostics import Diagnostics, SourceError

    report = Diagnostics()
    places = Places(path, text)
    try:
        document = loads(text.removeprefix("\ufeff"))
    except (TOMLDecodeError, RecursionError) as error:
        message, span = places.of_error(str(error))
        report.refuse("toml-syntax", message, span)
    table = _table(document, os.path.basename(path) == PYPROJECT, places, report)
    config = None
    if table is not None:
        config = _Reading(catalogue, releases or Releases(), places, report).config(table, path)
    if report.failed:
        raise SourceError(report)
    return config


def _table(
    document: dict[str, Any], is_pyproject: bool, places: Places, report: "Diagnostics"
) -> dict[str, Any] | None:
    """The linter's table, None if a pyproject.toml has none; empty for a stackferry.toml without one."""
    tool = document.get("tool")
    ours = tool.get("stackferry") if isinstance(tool, dict) else None
    table = ours.get("lint") if isinstance(ours, dict) else None
    for key in ours if isinstance(ours, dict) else ():
        if key != "lint":
            report.error("unknown-key", f"unknown key {key!r} in tool.stackferry", places.key(key), _for("lint", key))
    if is_pyproject:
        return _as_table(table, "tool.stackferry.lint", places, report)
    for key in document:
        if key not in ("lint", "tool"):
            hint = "move it below [tool.stackferry.lint]" if key in KEYS else _for("lint", key)
            report.error("unknown-key", f"unknown key {key!r}", places.key(key), hint)
    if table is None:
        table = document.get("lint", {})
    elif "lint" in document:
        hint = "move everything into one of them"
        report.error("two-tables", "[lint] and [tool.stackferry.lint] are the same table", places.key("lint"), hint)
    return _as_table(table, "lint", places, report)


def _as_table(value: Any, name: str, places: Places, report: "Diagnostics") -> dict[str, Any] | None:
    if value is None or isinstance(value, dict):
        return value
    report.error("wrong-type", f"{name}: expected a table, got {_kind(value)}", places.key("lint"))
    return None


def _for(known: str, key: str) -> str:
    return f"did you mean '{known}'?" if closest(key, (known,)) else ""


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a date")


class _Reading:
    """Reads one table; problems go to `report`."""

    def __init__(self, catalogue: Catalogue, releases: Releases, places: Places, report: "Diagnostics") -> None:
        self.catalogue = catalogue
        self.releases = releases
        self.places = places
        self.report = report

    def config(self, table: Mapping[str, Any], path: str) -> Config:
        """The configuration of a table."""
        read: dict[str, Any] = {}
        for key, value in table.items():
            if key in KEYS:
                field, reader = KEYS[key]
                read[field] = reader(self, key, value)
            else:
                hint = self.report.did_you_mean(key, KEYS)
                self.report.error("unknown-key", f"unknown key {key!r}", self.places.key(key), hint)
        settings = Settings(**{name: read.pop(name) for name in Settings._fields if name in read})
        return Config(**read, settings=settings, path=path, folder=os.path.dirname(path))

    def wrong(self, key: str, expected: str, value: Any, within: str = "") -> None:
        where = f"{within}.{key}" if within else key
        self.report.error("wrong-type", f"{where}: expected {expected}, got {_kind(value)}", self.places.key(key))

    def flag(self, key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            self.wrong(key, "true or false", value)
        return bool(value)

    def texts(self, key: str, value: Any) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(
            key,
            "a list of strings",
            next((item for item in value if not isinstance(item, str)), value) if isinstance(value, list) else value,
        )
        return ()

    def table(self, key: str, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self.wrong(key, "a table", value)
        return {}

    def one_of(self, key: str, value: Any, allowed: tuple[str, ...], within: str = "") -> str:
        where = f"{within}.{key}" if within else key
        if not isinstance(value, str):
            self.wrong(key, f"one of {', '.join(allowed)}", value, within)
            return allowed[0]
        if value not in allowed:
            hint = self.report.did_you_mean(value, allowed)
            message = f"{where}: {value!r} is not one of {', '.join(allowed)}"
            self.report.error("wrong-value", message, self.places.key(key), hint)
        return value

    def terms(self, key: str, value: Any) -> tuple[str, ...]:
        texts = self.texts(key, value)
        for text in texts:
            if term(self.catalogue, text) is None:
                close = suggestion(self.catalogue, text)
                hint = f"did you mean '{close}'?" if close else "list the rules with `stackferry lint --rules`"
                message = f"{key}: {text!r} is not a rule, a prefix of rules or a set of rules"
                self.report.error("unknown-rule", message, self.places.item(key, text), hint)
        return texts

    def release(self, key: str, value: Any) -> str:
        if not isinstance(value, str):
            self.wrong(key, 'a month in quotes, such as "2026.12"', value)
            return ""
        try:
            return self.releases.meant(value)
        except ValueError as error:
            first = self.releases.table[0][1]
            self.report.error("wrong-value", f"{key}: {value!r}: {error}", self.places.key(key), f'write "{first}"')
            return ""

    def per_file(self, key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple((glob, self.terms(glob, ids)) for glob, ids in self.table(key, value).items())

    def severities(self, key: str, value: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, severity in self.table(key, value).items():
            ids = self.catalogue.ids(name)
            if ids is None:
                close = self.catalogue.suggestion(name)
                hint = f"did you mean '{close}'?" if close else "list the rules with `stackferry lint --rules`"
                self.report.error("unknown-rule", f"{key}: {name!r} is not a rule", self.places.key(name), hint)
            chosen = self.one_of(name, severity, SEVERITIES, within=key)
            found |= dict.fromkeys(ids or (), chosen)
        return found

    def labels(self, key: str, value: Any) -> dict[str, str]:
        table = self.table(key, value)
        return {name: self.one_of(name, kind, LABEL_TYPES, within=key) for name, kind in table.items()}


KEYS: Mapping[str, tuple[str, Callable[[_Reading, str, Any], Any]]] = {
    # key: (field of `Config` or `Settings`, its reader)
    "set": ("set", lambda reading, key, value: reading.one_of(key, value, SETS)),
    "select": ("select", _Reading.terms),
    "ignore": ("ignore", _Reading.terms),
    "fail-on": ("fail_on", lambda reading, key, value: reading.one_of(key, value, FAIL_ON)),
    "rules": ("rules", _Reading.release),
    "per-file-ignores": ("per_file_ignores", _Reading.per_file),
    "severity": ("severities", _Reading.severities),
    "pragmas": ("heed_pragmas", _Reading.flag),
    "trusted-registries": ("trusted_registries", _Reading.texts),
    "label-schema": ("label_schema", _Reading.labels),
    "strict-labels": ("strict_labels", _Reading.flag),
}
"""The keys of the table. Those from `severity` on are hadolint's, so that `lint --migrate` loses nothing."""
