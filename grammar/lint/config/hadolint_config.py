"""Converts hadolint's configuration, its file and its HADOLINT_* variables, to ours.

It uses the set hadolint, hadolint's severities and its threshold, so that the exit code is hadolint's. As in hadolint,
lists from both sources are joined, and for other keys the file wins.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from stackferry.grammar.lint.catalogue import Catalogue
from stackferry.grammar.lint.config.config import NEVER, Config, Notice
from stackferry.grammar.lint.config.hadolint_file import FORMATS, THRESHOLDS, HadolintKeys, RefusedError, read
from stackferry.grammar.lint.settings import LABEL_TYPES, Settings

OFF = ("DL1001", "DL3057")
"""hadolint's rules that run only if `override` gives them a severity."""

_TRUE = ("1", "y", "on", "true", "yes")
_LOWEST = {"ignore": "style", "none": "style"}
"""hadolint's names for the threshold that every finding reaches."""


def from_text(text: str, path: str, catalogue: Catalogue, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration in a file.

    A file that hadolint refuses becomes a notice, and has no effect: hadolint reports it, too, and uses its defaults.
    """
    variables = from_environment(environment or {})
    try:
        return config(read(text, path), catalogue, path, variables)
    except RefusedError as error:
        hint = error.notice.hint
        hint = f"{hint}; until then" if hint else "until this is fixed"
        notice = error.notice._replace(hint=f"{hint} this whole file is ignored, by stackferry and by hadolint")
        return config(HadolintKeys(notes=(notice,)), catalogue, path, variables)


def from_environment(environment: Mapping[str, str]) -> HadolintKeys:
    """The settings in HADOLINT_* variables; like hadolint, ignores values that it cannot parse."""
    said: dict[str, Any] = {}
    for name, (field, reader) in _VARIABLES.items():
        value = reader(environment.get(name, ""))
        if value:
            said[field] = value
    override = {
        severity: _list(environment[name])
        for severity in ("error", "warning", "info", "style")
        if environment.get(name := f"HADOLINT_OVERRIDE_{severity.upper()}")
    }
    return HadolintKeys(**said, override=override)


def _list(value: str) -> tuple[str, ...]:
    return tuple(value.split(",")) if value else ()


def _true(value: str) -> bool:
    return value.lower() in _TRUE


def _labels(value: str) -> dict[str, str]:
    pairs = [item.partition(":") for item in _list(value)]
    return {name: kind or "text" for name, _, kind in pairs if not kind or kind in LABEL_TYPES}


_VARIABLES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "HADOLINT_FAILURE_THRESHOLD": ("failure_threshold", lambda value: value if value in THRESHOLDS else None),
    "HADOLINT_FORMAT": ("format", lambda value: value if value in FORMATS else None),
    "HADOLINT_IGNORE": ("ignored", _list),
    "HADOLINT_TRUSTED_REGISTRIES": ("trusted_registries", _list),
    "HADOLINT_REQUIRE_LABELS": ("label_schema", _labels),
    "HADOLINT_STRICT_LABELS": ("strict_labels", _true),
    "HADOLINT_DISABLE_IGNORE_PRAGMA": ("disable_ignore_pragma", _true),
    "HADOLINT_NOFAIL": ("no_fail", _true),
}
VARIABLES = (*_VARIABLES, *(f"HADOLINT_OVERRIDE_{severity}" for severity in ("ERROR", "WARNING", "INFO", "STYLE")))
"""The variables that hadolint reads, except HADOLINT_VERBOSE."""


def config(keys: HadolintKeys, catalogue: Catalogue, path: str = "", below: HadolintKeys | None = None) -> Config:
    """The configuration from `keys`; `below` supplies missing keys, and adds to their lists."""
    below = below or HadolintKeys()
    ignored = (*below.ignored, *keys.ignored)
    override = {
        severity: (*below.override.get(severity, ()), *keys.override.get(severity, ()))
        for severity in ("style", "info", "warning", "error")
    }
    # An id in two lists gets the worse severity.
    severities = {
        identifier: severity
        for severity, names in override.items()
        for name in names
        for identifier in catalogue.ids(name) or ()
    }
    threshold = _first(keys.failure_threshold, below.failure_threshold) or "info"
    return Config(
        set="hadolint",
        select=tuple(identifier for identifier in OFF if identifier in severities),
        ignore=tuple(name for name in ignored if name in catalogue),
        fail_on=NEVER if _first(keys.no_fail, below.no_fail) else _LOWEST.get(threshold, threshold),
        severities=MappingProxyType(severities),
        settings=Settings(
            trusted_registries=tuple(dict.fromkeys((*below.trusted_registries, *keys.trusted_registries))),
            label_schema=MappingProxyType({**below.label_schema, **keys.label_schema}),
            strict_labels=bool(_first(keys.strict_labels, below.strict_labels)),
        ),
        heed_pragmas=not _first(keys.disable_ignore_pragma, below.disable_ignore_pragma),
        format=_first(keys.format, below.format) or "",
        color=not keys.no_color,
        path=path,
        notes=(*keys.notes, *_unknown(keys, catalogue)),
    )


def _first(value: Any, below: Any) -> Any:
    return below if value is None else value


def _unknown(keys: HadolintKeys, catalogue: Catalogue) -> Iterable[Notice]:
    """A notice for each unknown id in the file."""
    named: list[tuple[str, ...]] = [("ignored", name) for name in keys.ignored]
    named += [("override", severity, name) for severity, names in keys.override.items() for name in names]
    for place in named:
        name = place[-1]
        if name not in catalogue:
            close = catalogue.suggestion(name)
            hint = f"did you mean '{close}'?" if close else "hadolint ignores it silently"
            yield Notice(
                "unknown-rule", f"{'.'.join(place[:-1])}: {name!r} is not a rule", keys.places.get(place), hint
            )
