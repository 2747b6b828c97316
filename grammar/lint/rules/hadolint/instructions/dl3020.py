"""DL3020: Copy local files with COPY, not with ADD.

ADD also fetches from the network and unpacks archives; who reads it has to know which of them is meant.

    FROM python:3.12-slim
    ADD requirements.txt /app/

    FROM python:3.12-slim
    COPY requirements.txt /app/
    ADD vendor.tar.gz /app/

ADD is right for archives, for URLs and Git repositories, and with `--unpack`. hadolint does not know of Git over SSH,
of `--unpack`, and of Zstandard (`.tar.zst`), and reports a variable whatever its value is.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.uses import documents_of
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_ARCHIVE = regex(r"\.(?:tar|gz|tgz|taz|bz2|tb2|tbz2?|xz|txz|lz|lzma|tlz|z|tz|tpz|zst|tzst)\Z", re.IGNORECASE)
_REMOTE = regex(r"https?://|git://|ssh://|[^/:\s]+@[^/:\s]+:")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """The first source of an ADD that COPY would do as well."""
    for step in file.steps("ADD"):
        instruction = step.instruction
        unpack = instruction.flag("unpack")
        if step.onbuild or (unpack is not None and (unpack.value or "true").lower() == "true"):
            continue
        documents = documents_of(instruction)
        for word in instruction.words[:-1]:
            source = step.expanded(word.text)
            if source and word.at not in documents and not _ARCHIVE.search(source) and not _REMOTE.match(source):
                yield Hit(word.start, word.end, f"{source} is a local file, for which COPY is enough", "write COPY")
                break
