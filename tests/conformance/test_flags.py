"""Every option of `config` prints, byte for byte, what the real docker compose prints."""

import contextlib
import difflib
import gc
import io
import itertools
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from unittest import mock

import pytest

from stackferry.cli import main
from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.compose.phases.template import variables
from stackferry.grammar.files import Disk
from tests.conformance import peer
from tests.conformance.answer import Answer, Verdict
from tests.conformance.case import CORPUS, FIXTURES, HOME, Case, corpus, fixtures
from tests.conformance.compare import compare
from tests.conformance.known import known

FLAGS = (
    "",
    "--format json",
    "--no-interpolate",
    "--no-interpolate --format json",
    "--no-normalize",
    "--no-path-resolution",
    "--no-consistency",
    "--quiet",
    "--services",
    "--services --no-interpolate",
    "--volumes",
    "--volumes --no-interpolate",
    "--networks",
    "--networks --no-interpolate",
    "--models",
    "--profiles",
    "--profiles --no-interpolate",
    "--images",
    "--images --no-interpolate",
    "--hash *",
    "--variables",
    "--variables --format json",
    "--variables --format yaml",
    "--environment",
)
BY_CHANCE = ("--services", "--volumes", "--networks", "--models", "--images", "--variables")
"""Lists that the peer prints in an order of chance, and names several times."""

LISTS = {one for flags in FLAGS for one in flags.split() if one.startswith("--")} - {
    *("--format", "--no-interpolate", "--no-normalize", "--no-path-resolution", "--no-consistency", "--quiet"),
}

EXCUSED: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # The value of a secret, under `--no-interpolate`.
    (re.compile(r'^ *"?x-#value"?: .*\n', re.MULTILINE), ""),
    # "Text outside the basic plane in YAML": the letters, then without quotes.
    (re.compile(r"\\U([0-9A-F]{8})"), lambda code: chr(int(code[1], 16))),
    (re.compile('"([^"\n]*[\U00010000-\U0010ffff][^"\n]*)"$', re.MULTILINE), r"\1"),
    # "Unicode's own line ends"
    (re.compile("'([^'\n]*)\u2028([^'\n]*)'"), r'"\1\\L\2"'),
    # "An SSH key with a path"
    (re.compile(r"^( *- )'([^ ]+): (/.*)'$", re.MULTILINE), r"\1\2=\3"),
    # "Block I/O devices in JSON"
    (re.compile(r'"(Path|Rate|Weight)":'), lambda name: name[0].lower()),
    # An empty list below an `x-` key, and everywhere under `--no-interpolate`.
    (re.compile(r"\bnull(?=,?$)|\[\](?=,?$)", re.MULTILINE), "[]"),
    # "The name of a job in YAML"
    (re.compile(r"^jobs:\n(?:  .*\n)+", re.MULTILINE), lambda jobs: re.sub(r"(?m)^    name: .*\n", "", jobs[0])),
    # "Models in JSON"
    (re.compile(r'^  "models": \{\n(    .*\n)*  \},?\n', re.MULTILINE), ""),
)
"""What of the text is meant to differ (docs/config-differences.md), and what both sides become."""

NEWER = ("umask", "use_service_name_alias")
"""Keys that compose-go 2.16.2 has, and the 2.16.1 that docker compose 5.6.0 is made with has not."""

SAMPLE = 60
"""Of all cases each so manieth, another one for each flag."""


@dataclass(frozen=True, slots=True)
class Flagged(Case):
    """A case with options of `config` instead of a format."""

    flags: tuple[str, ...] = ()

    @property
    def command(self) -> tuple[str, ...]:
        words = Case.command.fget(self)  # type: ignore[attr-defined]
        verb = words.index("config")
        return (*words[:verb], "config", *self.flags, *self.services)

    def fingerprint(self) -> str:
        """Another one than that of the plain case: this one's answer is remembered as lines."""
        return "text " + Case.fingerprint(self)


def flagged(case: Case, flags: str) -> Flagged:
    values = {field.name: getattr(case, field.name) for field in fields(case)}
    return Flagged(**{**values, "notation": "text"}, flags=tuple(flags.split()))


def ours(case: Flagged) -> Answer:
    """What our command line does in this process."""
    out, err = io.StringIO(), io.StringIO()
    before = os.getcwd()
    os.chdir(case.directory)
    try:
        with (
            mock.patch.dict(os.environ, case.environment, clear=True),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main(case.command)
    finally:
        os.chdir(before)
        gc.enable()
    if code == 0:
        return Answer(Verdict.ACCEPTED, out.getvalue().split("\n"))
    return Answer(Verdict.REFUSED if code == 1 else Verdict.CRASHED, error=err.getvalue())


def problem(case: Flagged) -> str:
    """What the two sides do not agree on, empty if they agree; docs/config-differences.md excuses some."""
    theirs, own = peer.ask(case), ours(case)
    if theirs.verdict is Verdict.HUNG:
        return ""
    if theirs.verdict is not own.verdict:
        said = f"{case.name}: {theirs.verdict.value} {theirs.error[-200:]} / {own.verdict.value} {own.error[:300]}"
        return "" if is_excused(case, theirs, own) else said
    if own.verdict is not Verdict.ACCEPTED or is_ambiguous(case):
        return ""
    changes = [*difflib.unified_diff(text(case, theirs.document), text(case, own.document), "peer", "ours", n=0)]
    return "\n".join([case.name, *changes]) if changes else ""


def is_excused(case: Flagged, theirs: Answer, own: Answer) -> bool:
    found = compare(theirs, own)
    if found and all(map(known, found)):
        return True
    if not peer.binary().old and any(key in theirs.error for key in NEWER):
        return True
    if "--variables" in case.flags and "interpolation-invalid" in own.error:
        # A misspelt variable.
        return True
    if own.verdict is Verdict.REFUSED:
        # Lists, where two services have the same container name.
        return bool(LISTS.intersection(case.flags)) and "container name" in own.error
    # Values that still contain variables are not checked.
    return not {"--no-interpolate", "--variables"}.isdisjoint(case.flags)


def is_ambiguous(case: Flagged) -> bool:
    """Whether a variable is used in several ways, of which the peer tells one by chance."""
    if "--variables" not in case.flags:
        return False
    request = Request(files=case.files, env_files=case.env_files, interpolate=False, validate=False)
    loaded = load(request, files=Disk(case.directory, HOME), environment=case.environment, stdin=lambda: b"")
    uses = {use for _, node in loaded.tree.walk() if type(node.value) is str for use in variables(node.value)}
    return len(uses) != len({use.name for use in uses})


def text(case: Flagged, lines: Sequence[str]) -> list[str]:
    """The lines without what is excused, and without the empty ones at the end (in JSON the peer has up to two)."""
    whole = "\n".join(lines).rstrip("\n")
    for pattern, replacement in EXCUSED:
        whole = pattern.sub(replacement, whole)
    kept = whole.split("\n")
    return sorted(set(kept)) if case.flags[:1] and case.flags[0] in BY_CHANCE else kept


def cases() -> Iterator[Case]:
    """Fixtures, and where it is present the corpus, each file alone. Named services: see docs/config-differences.md."""
    yield from (case for case in fixtures(FIXTURES) if not case.services)
    if CORPUS.is_dir():
        yield from (case for case in corpus(CORPUS) if case.kind == "file")


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize("flags", FLAGS)
def test_the_same_bytes(flags: str) -> None:
    chosen = itertools.islice(cases(), FLAGS.index(flags), None, SAMPLE)

    assert [found for case in chosen if (found := problem(flagged(case, flags)))] == []


@pytest.mark.real
@pytest.mark.slow
def test_the_same_hash_for_every_service_of_every_stack() -> None:
    """By it docker compose decides whether a container is out of date: one that is wrong recreates a database."""
    assert [found for case in cases() if (found := problem(flagged(case, "--hash *")))] == []


@pytest.mark.real
@pytest.mark.parametrize("options", ["", " --format json", " --no-interpolate", " --no-normalize"])
@pytest.mark.parametrize("flags", ["--resolve-image-digests", "--lock-image-digests"])
def test_digests_that_need_no_registry(flags: str, options: str) -> None:
    case = next(case for case in fixtures(FIXTURES) if case.name.startswith("ok-image-digests"))

    assert problem(flagged(case, flags + options)) == ""


BEHIND = {
    "compose.yaml": "include: [inc/compose.yaml]\n"
    "services: {w: {build: .., volumes: ['./d:/d', '../v:/v'], env_file: w.env}}\n",
    "w.env": "A=b\n",
    "inc/compose.yaml": "services: {i: {image: x, volumes: ['./i:/i', '../j:/j']}}\n",
}


@pytest.mark.parametrize("said", ["link", "real/42", "nowhere"])
@pytest.mark.parametrize("files", [(), ("compose.yaml",), ("../42/compose.yaml",), ("./inc/../compose.yaml",)], ids=str)
def test_a_folder_behind_a_link(tmp_path, said, files) -> None:
    """The name by which the folder was reached counts, where it is the same folder; so for paths and for names."""
    folder = tmp_path / "real" / "42"
    for name, text in BEHIND.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (tmp_path / "link").symlink_to("real/42")
    case = Case("link", "link", str(tmp_path / "link"), str(tmp_path), files, {"PWD": str(tmp_path / said)})

    assert problem(flagged(case, "--format json")) == ""
