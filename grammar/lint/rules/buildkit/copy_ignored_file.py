"""CopyIgnoredFile: Do not copy files that .dockerignore excludes.

The file is not in the build context, so that the build fails.

    # .dockerignore: *.log
    FROM alpine:3.20
    COPY server.log /var/log/

    FROM alpine:3.20
    COPY server.conf /etc/

A line with `!` that brings a file back, or something in a folder, keeps us silent for it; BuildKit is silent for all
files then (buildkit #7125, #6512, #6926). The context itself (`COPY . .`) is only reported where a pattern leaves out
everything. Without a .dockerignore nothing is reported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.uses import documents_of
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.dockerfile.instruction import Word
    from stackferry.grammar.lint.settings import Settings

_REMOTE = ("http://", "https://", "git://", "ssh://", "git@")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Sources of COPY and ADD that are ignored (BuildKit's validateCopySourcePath)."""
    if file.context is None:
        return
    for step in file.steps("COPY", "ADD"):
        if step.onbuild or step.instruction.flag("from") is not None:
            continue
        for word, source in _sources(step):
            if file.context.ignored(source):
                message = f".dockerignore excludes {source}"
                yield Hit(
                    word.start, word.end, message, f"add the line !{source} to .dockerignore, or copy something else"
                )


def _sources(step: "Step") -> Iterator[tuple["Word", str]]:
    """The sources in the build context that are known."""
    documents = documents_of(step.instruction)
    for word in step.instruction.words[:-1]:
        source = step.expanded(word.text) if word.at not in documents else None
        if source and not source.startswith(_REMOTE):
            yield word, source
