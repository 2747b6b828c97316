"""apt-allow-unauthenticated: Do not install unsigned packages with apt.

With --allow-unauthenticated anybody's package is installed as root.

    RUN apt-get install -y --allow-unauthenticated app

    COPY app.gpg /etc/apt/keyrings/
    RUN echo "deb [signed-by=/etc/apt/keyrings/app.gpg] https://example.com stable main" > /etc/apt/sources.list

`--allow-insecure-repositories`, the same as an option of `-o` or in a file of apt.conf.d, `[trusted=yes]` in a list of
sources, and `Verify-Peer "false"` are alike. A repository of local files needs no signature.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.programs.written import lines_written
from stackferry.grammar.lint.rules.security._calls import calls_of, hits_at, option, valued_option, written
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_MESSAGE = "apt installs unsigned packages"
_HINT = "add the repository's key, and refer to it with signed-by"
_TRUSTED = regex(r"^deb\b.*\[[^]]*\btrusted=yes\b[^]]*\]\s*(?!file:|copy:)\w|^trusted:\s*yes$", re.IGNORECASE)
_SETTING = regex(
    r"(?:AllowUnauthenticated|AllowInsecureRepositories)[ =\"]+(?:true|1|yes)"
    r"|Verify-(?:Peer|Host)[ =\"]+(?:false|0|no)",
    re.IGNORECASE,
)


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls of apt that take any package, and configurations of it that do."""
    places: list[Place] = [*written(file, (".list", ".sources"), _TRUSTED)]
    places += [line for line in lines_written(file) if "apt.conf" in line.path and _SETTING.search(line.text)]
    for call in calls_of(file, "apt-get", "apt", "aptitude"):
        places += option(call, "--allow-unauthenticated", "--allow-insecure-repositories")
        places += [word for value, word in valued_option(call, "-o", "--option") if _SETTING.search(value)]
    return hits_at(places, _MESSAGE, _HINT)
