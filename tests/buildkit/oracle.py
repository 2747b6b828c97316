"""The real BuildKit, called from Python: one process of the program of `build.py`; each line gets a line back.

`Oracle.ask` is for Dockerfiles, `Oracle.expand` for words with variables. Fixtures of `tests/conftest.py` provide it.
"""

import base64
import json
import select
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.buildkit.build import program

PATIENCE = 30.0
"""Seconds after which a question counts as one on which BuildKit hangs."""

RULES = frozenset(
    (
        "ConsistentInstructionCasing",
        "CopyIgnoredFile",
        "DuplicateStageName",
        "ExposeInvalidFormat",
        "ExposeProtoCasing",
        "FromAsCasing",
        "FromPlatformFlagConstDisallowed",
        "InvalidBaseImagePlatform",
        "InvalidDefaultArgInFrom",
        "InvalidDefinitionDescription",
        "JSONArgsRecommended",
        "LegacyKeyValueFormat",
        "MaintainerDeprecated",
        "MultipleInstructionsDisallowed",
        "NoEmptyContinuation",
        "RedundantTargetPlatform",
        "ReservedStageName",
        "SecretsUsedInArgOrEnv",
        "StageNameCasing",
        "UndefinedArgInFrom",
        "UndefinedVar",
        "WorkdirRelativePath",
    )
)
"""All checks that BuildKit has."""

WINDOWS_BASE = b"from mcr.microsoft.com/windows"


class Problem(NamedTuple):
    """An error or a parser's warning; lines from 1, 0 where none is named."""

    message: str
    start: int
    end: int


class Warned(NamedTuple):
    """A warning of a check, with its first and last line."""

    rule: str
    start: int
    end: int
    message: str


class Document(NamedTuple):
    """A heredoc as the parser has it; the body is what stands between its lines."""

    name: str
    descriptor: int
    expand: bool
    chomp: bool
    body: str


class Parsed(NamedTuple):
    """An instruction as the parser has it: `keyword` as written, `joined` without continuations."""

    keyword: str
    start: int
    end: int
    joined: str
    flags: tuple[str, ...]
    json: bool
    comments: tuple[str, ...]
    heredocs: tuple[Document, ...]


class Answer(NamedTuple):
    """What BuildKit says to a Dockerfile.

    `error` is why a build would refuse it, None if it would not. Two steps of the way there have their own errors:
    `refused` is that of the parser, which only splits the text, `faulty` that of an instruction that says what none may
    say. `crash` is what BuildKit said when it panicked, or `hung`. `parsed` and `dump` are empty if `refused`.
    """

    error: Problem | None
    warnings: tuple[Warned, ...]
    refused: Problem | None
    faulty: Problem | None
    dump: str
    escape: str
    parsed: tuple[Parsed, ...]
    notes: tuple[Problem, ...]
    crash: str

    @property
    def valid(self) -> bool:
        """Whether a build would take the file, as far as that can be known without running it."""
        return not self.error and not self.crash

    def instruction_at(self, line: int) -> Parsed | None:
        """The instruction that a line belongs to, heredocs included."""
        return next((node for node in self.parsed if node.start <= line <= node.end), None)


class Expanded(NamedTuple):
    """A word after expansion. Where `error` is set, `text` means nothing; so with `words` and `words_error`."""

    text: str
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    error: str
    words: tuple[str, ...]
    words_error: str


class DiedError(Exception):
    """The program ended, or did not answer in time: BuildKit itself broke on the question."""


def platform_of(content: bytes) -> str:
    """The builder's platform: Windows for a file that starts from a Windows image."""
    return "windows/amd64" if WINDOWS_BASE in content.lower() else "linux/amd64"


class Oracle:
    """A running program. It starts with the first question, and again after one that it did not survive."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or program()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, content: bytes, **question: Any) -> Answer:
        """What BuildKit says to the text of a Dockerfile.

        The question may have more: `files` of the build context by name (`.dockerignore`; a Dockerfile `name` of its
        own has `NAME.dockerignore`), `platform` of the builder, `target`, `args`, `images` (configurations of bases by
        the name in FROM), `for` (the platform to build for), `experimental`, `only` ("parse" or "lint").
        """
        question = {"platform": platform_of(content), **question, "base64": base64.b64encode(content).decode()}
        try:
            return _answer(self._exchange(question))
        except DiedError as reason:
            return Answer(None, (), None, None, "", "", (), (), str(reason))

    def expand(self, word: str, environment: Mapping[str, str], escape: str = "\\") -> Expanded:
        """What BuildKit's shell lexer makes of a word."""
        answer = self._exchange({"word": word, "env": dict(environment), "escape": escape})["expanded"]
        return Expanded(
            answer["text"],
            tuple(answer["matched"] or ()),
            tuple(answer["unmatched"] or ()),
            answer["error"],
            tuple(answer["words"] or ()),
            answer["words_error"],
        )

    def close(self) -> None:
        """End the program."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _exchange(self, question: Mapping[str, Any]) -> dict[str, Any]:
        process = self._process
        if process is None:
            process = self._process = subprocess.Popen(
                [self.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
            line = process.stdout.readline() if ready else b""
        except BrokenPipeError:
            ready, line = [process.stdout], b""
        if not line:
            self.close()
            raise DiedError("crashed" if ready else "hung")
        answer: dict[str, Any] = json.loads(line)
        if answer.get("misuse"):
            raise ValueError(answer["misuse"])
        return answer


def _answer(answer: Mapping[str, Any]) -> Answer:
    parsed = answer["parsed"] or {}
    return Answer(
        _problem(answer["error"]),
        tuple(Warned(**warning) for warning in answer["warnings"] or ()),
        _problem(parsed.get("error")),
        _problem(parsed.get("faulty")),
        parsed.get("dump", ""),
        parsed.get("escape", ""),
        tuple(_parsed(node) for node in parsed.get("instructions") or ()),
        tuple(Problem(**note) for note in parsed.get("warnings") or ()),
        answer.get("crash", ""),
    )


def _problem(problem: Mapping[str, Any] | None) -> Problem | None:
    return Problem(**problem) if problem else None


def _parsed(node: Mapping[str, Any]) -> Parsed:
    documents = tuple(Document(**{**document, "body": _text(document["body"])}) for document in node["heredocs"] or ())
    return Parsed(
        _text(node["keyword"]),
        node["start"],
        node["end"],
        _text(node["joined"]),
        tuple(map(_text, node["flags"])),
        node["json"],
        tuple(map(_text, node["comments"])),
        documents,
    )


def _text(encoded: str | None) -> str:
    return base64.b64decode(encoded or "").decode("utf-8", "surrogateescape")
