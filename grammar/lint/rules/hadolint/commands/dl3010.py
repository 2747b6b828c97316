"""DL3010: Unpack local archives with ADD.

ADD unpacks a tar archive of the context by itself; a COPY of it leaves the archive in a layer beside its files.

    COPY app.tar.gz /tmp/
    RUN tar -xzf /tmp/app.tar.gz -C /app

    ADD app.tar.gz /app/

With the set hadolint other packers count as well. Otherwise only what ADD does too: all of a tar archive, with no
folder stripped and no member left out.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.instruction import Word
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.dockerfile.instruction import Instruction
    from stackferry.grammar.lint.settings import Settings

_TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tb2", ".tar.xz", ".txz", ".tar.zst", ".tzst")
_SUFFIXES = (
    *(".tar", ".gz", ".bz2", ".xz", ".Z", ".tgz", ".tb2", ".tbz", ".tbz2", ".lz", ".lzma", ".tlz", ".txz", ".tZ"),
)
_UNPACKERS = frozenset(
    ("unzip", "gunzip", "bunzip2", "unlzma", "unxz", "zgz", "uncompress", "zcat", "gzcat"),
)
_EXTRACT = ("--extract", "--get")
_VALUED = ("--file", "--directory")
_HARMLESS = (*_EXTRACT, "--file", "--directory", "--gzip", "--gunzip", "--bzip2", "--xz", "--zstd", "--verbose")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Archives that a COPY brings and a later RUN of the stage unpacks."""
    # hadolint forgets what it has found at each FROM.
    for stage in file.parts[-1:] if settings.hadolint else file.parts:
        archives: list[tuple[str, Word]] = []
        unpacked: set[int] = set()
        for step in stage.steps:
            if step.onbuild:
                continue
            if step.keyword == "COPY" and step.instruction.flag("from") is None:
                archives += _archives(step.instruction, settings)
            elif step.keyword == "RUN" and archives:
                names = _unpacked(step, settings)
                unpacked |= {word.start for name, word in archives if name in names}
        yield from (_hit(name, word) for name, word in archives if word.start in unpacked)


def _hit(name: str, word: Word) -> Hit:
    return Hit(word.start, word.end, f"{name} is copied and then unpacked", "use ADD, which unpacks it")


def _archives(instruction: "Instruction", settings: "Settings") -> Iterator[tuple[str, Word]]:
    """The archives of a COPY, by the name that they have afterwards, with the word that names them."""
    if len(instruction.words) < 2:
        return
    suffixes = _SUFFIXES if settings.hadolint else _TARS
    *sources, target = instruction.words
    name = _bare(target.text)
    if name.endswith(suffixes):
        yield name, target if settings.hadolint else sources[0]
        return
    seen: set[str] = set()
    for source in sources:
        name = _bare(source.text)
        if name.endswith(suffixes) and name not in seen:
            seen.add(name)
            yield name, source


def _unpacked(step: "Step", settings: "Settings") -> set[str]:
    """The names of the archives that a RUN unpacks."""
    if settings.hadolint:
        calls = [call for call in step.plain_calls if call.program in _UNPACKERS or _says_extract(call)]
        return {_bare(text) for call in calls for text, _ in call.operands()}
    found = [call.values for call in step.calls() if call.program == "tar" and _extracts_all(call.values)]
    return {_bare(value.removeprefix("--file=")) for values in found for value in values}


def _says_extract(call: "PlainCall") -> bool:
    return call.program == "tar" and any(
        text in _EXTRACT or (text.startswith("-") and "x" in text) for text in call.texts
    )


def _extracts_all(values: tuple[str, ...]) -> bool:
    """Whether tar unpacks an archive as ADD does: an option that ADD has not makes the difference."""
    extracts = any(value in _EXTRACT or ("x" in value and _is_short(value, at)) for at, value in enumerate(values))
    operands = 0
    skip = False
    for at, value in enumerate(values):
        if skip:
            skip = False
        elif value.startswith("--"):
            if not value.startswith(_HARMLESS):
                return False
            skip = value in _VALUED
        elif _is_short(value, at):
            skip = value[-1:] in ("f", "C")
        else:
            operands += 1
    return extracts and not operands


def _is_short(value: str, at: int) -> bool:
    """Whether a value is a group of letters: `-xzf`, or the old `xzf` in the first place."""
    return (value[:1] == "-" and value[:2] != "--") or (at == 0 and value.isalpha())


def _bare(path: str) -> str:
    return path.strip("\"'").replace("\\", "/").rsplit("/", 1)[-1]
