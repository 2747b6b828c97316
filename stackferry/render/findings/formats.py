"""The formats by name. A module is imported when its format is asked for: most runs are of one that needs none."""

from collections.abc import Mapping
from importlib import import_module

from stackferry.render.findings.results import Results

FORMATS: Mapping[str, str] = {
    # what is asked for: the module that has `render(results)`
    "text": "text",
    "full": "full",
    "json": "json_list",
    "sarif": "sarif",
    "checkstyle": "checkstyle",
    "gitlab": "gitlab",
    "junit": "junit",
    "github": "github",
    "codeclimate": "codeclimate",
    "sonarqube": "sonarqube",
    "gnu": "gnu",
    "codacy": "codacy",
}

ALIASES: Mapping[str, str] = {"tty": "text", "gitlab_codeclimate": "gitlab"}
"""hadolint's names of what has another name here."""

NAMES = (*FORMATS, *ALIASES)


def rendered(name: str, results: Results) -> str:
    """The findings in a format, by its name or alias: what is written, with the end of its last line."""
    module = FORMATS[ALIASES.get(name, name)]
    text: str = import_module(f"stackferry.render.findings.{module}").render(results)
    return text
