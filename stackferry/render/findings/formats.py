"""The formats by name. A format's module is imported on use, since most runs do not need any of them."""

from collections.abc import Mapping
from importlib import import_module

from stackferry.render.findings.results import Results

FORMATS: Mapping[str, str] = {
    # format name: the module with its `render(results)`
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
"""hadolint's names for formats that have another name here."""

NAMES = (*FORMATS, *ALIASES)


def rendered(name: str, results: Results) -> str:
    """The findings in a format, given by name or alias, including the last line end."""
    module = FORMATS[ALIASES.get(name, name)]
    text: str = import_module(f"stackferry.render.findings.{module}").render(results)
    return text
