"""The oracle answers like `docker build --check`, for any bytes, and survives input that crashes BuildKit."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.buildkit.build import UnavailableError, program
from tests.buildkit.oracle import RULES, Oracle

HEAD = b"FROM alpine:3.20\n"
ARM = {"alpine:3.20": {"architecture": "arm64"}}

WARNED: dict[str, tuple[bytes, int, dict[str, Any]]] = {
    # rule: (Dockerfile, line of the warning, what else the question says)
    "ConsistentInstructionCasing": (HEAD + b"RUN a\nrun b\n", 3, {}),
    "CopyIgnoredFile": (HEAD + b"COPY a.txt /\n", 2, {"files": {".dockerignore": "*.txt\n"}}),
    "DuplicateStageName": (b"FROM a AS x\nFROM b AS x\n", 2, {}),
    "ExposeInvalidFormat": (HEAD + b"EXPOSE 80:80\n", 2, {}),
    "ExposeProtoCasing": (HEAD + b"EXPOSE 80/TCP\n", 2, {}),
    "FromAsCasing": (b"FROM a as x\n", 1, {}),
    "FromPlatformFlagConstDisallowed": (b"FROM --platform=linux/amd64 a\n", 1, {}),
    "InvalidBaseImagePlatform": (HEAD, 1, {"images": ARM, "for": "linux/amd64"}),
    "InvalidDefaultArgInFrom": (b"ARG V\nFROM a:$V\n", 2, {"args": {"V": "1"}}),
    "InvalidDefinitionDescription": (b"# a\n# about it\nFROM a AS x\n", 3, {"experimental": True}),
    "JSONArgsRecommended": (HEAD + b"CMD a b\n", 2, {}),
    "LegacyKeyValueFormat": (HEAD + b"ENV a b\n", 2, {}),
    "MaintainerDeprecated": (HEAD + b"MAINTAINER a\n", 2, {}),
    "MultipleInstructionsDisallowed": (HEAD + b'CMD ["a"]\nCMD ["b"]\n', 2, {}),
    "NoEmptyContinuation": (HEAD + b"RUN a \\\n\n  b\n", 4, {}),
    "RedundantTargetPlatform": (b"FROM --platform=$TARGETPLATFORM a\n", 1, {}),
    "ReservedStageName": (b"FROM a AS scratch\n", 1, {}),
    "SecretsUsedInArgOrEnv": (HEAD + b"ARG PASSWORD\n", 2, {}),
    "StageNameCasing": (b"FROM a AS X\n", 1, {}),
    "UndefinedArgInFrom": (b"FROM a$V\n", 1, {}),
    "UndefinedVar": (HEAD + b"WORKDIR /$nowhere\n", 2, {}),
    "WorkdirRelativePath": (HEAD + b"WORKDIR a\n", 2, {}),
}


def test_every_check_of_buildkit_has_an_example() -> None:
    assert WARNED.keys() == RULES


@pytest.mark.parametrize("rule", WARNED)
def test_a_check_warns_with_its_lines(rule: str, buildkit: Oracle) -> None:
    content, line, more = WARNED[rule]

    answer = buildkit.ask(content, **more)

    assert answer.error is None
    assert (rule, line) in [(warning.rule, warning.start) for warning in answer.warnings]


def test_experimental_checks_are_quiet_unless_asked_for(buildkit: Oracle) -> None:
    content, _, _ = WARNED["InvalidDefinitionDescription"]

    assert buildkit.ask(content).warnings == ()
    assert len(buildkit.ask(b"# check=experimental=all\n" + content).warnings) == 1
    assert buildkit.ask(b"# check=skip=FromAsCasing\nFROM a as x\n", experimental=True).warnings == ()


def test_the_ignore_file_of_the_dockerfile_comes_first(buildkit: Oracle) -> None:
    files = {".dockerignore": "*.txt\n", "web.Dockerfile.dockerignore": "*.md\n"}
    content = HEAD + b"COPY a.txt /\nADD a.md /\n"

    assert [one.start for one in buildkit.ask(content, files=files).warnings] == [2]
    assert [one.start for one in buildkit.ask(content, files=files, name="web.Dockerfile").warnings] == [3]


def test_an_error_has_its_place_and_keeps_the_warnings_before_it(buildkit: Oracle) -> None:
    answer = buildkit.ask(b"FROM a as b\nRUN --bogus \\\n\\\n  y\n")

    assert not answer.valid
    assert answer.error
    assert (answer.error.start, answer.error.end) == (2, 4)
    assert [one.rule for one in answer.warnings] == ["FromAsCasing"]
    assert (answer.refused, answer.faulty) == (None, answer.error)


def test_errors_come_in_three_steps(buildkit: Oracle) -> None:
    answers = [buildkit.ask(b"FROM a\n" + text) for text in (b"RUN <<A\n", b"RUN --a b\n", b"COPY --from=$x a b\n")]

    assert [(bool(one.refused), bool(one.faulty), bool(one.error)) for one in answers] == [
        (True, False, True),
        (False, True, True),
        (False, False, True),
    ]


def test_what_the_parser_saw(buildkit: Oracle) -> None:
    content = b"# escape=`\n# why\nFROM a\n\nONBUILD RUN --x=1 <<-'A' cat 3<<B\n\ta\xff\n\tA\nB\nCMD [ \"b\" ]\n"

    answer = buildkit.ask(content, only="parse")

    first, second, third = answer.parsed
    assert answer.escape == "`"
    assert answer.dump.splitlines()[0] == '(from "a")'
    assert (first.keyword, first.start, first.comments) == ("FROM", 3, ("why",))
    assert (second.start, second.end, second.joined) == (5, 8, "ONBUILD RUN --x=1 <<-'A' cat 3<<B")
    assert [tuple(one) for one in second.heredocs] == [("A", 0, False, True, "\ta\udcff\n"), ("B", 3, True, False, "")]
    assert (third.json, third.flags, answer.instruction_at(7)) == (True, (), second)


def test_words_are_expanded(buildkit: Oracle) -> None:
    expanded = buildkit.expand("${A:-x}/$B/'$A'", {"A": "a b"})

    assert (expanded.text, expanded.matched, expanded.unmatched) == ("a b//$A", ("A",), ("B",))
    assert expanded.words == ("a", "b//$A")
    assert buildkit.expand("${A", {}).error
    assert buildkit.expand("`$A", {}, escape="`").text == "$A"


@pytest.mark.parametrize("content", [b"", b"\0", b"\xff\xfe", b"FROM \xff\n", b"RUN a\n", b"#\n", b"FROM a\n" * 3000])
def test_any_bytes_get_an_answer(content: bytes, buildkit: Oracle) -> None:
    assert buildkit.ask(content).crash == ""


def test_a_question_that_cannot_be_understood_is_refused(buildkit: Oracle) -> None:
    with pytest.raises(ValueError, match="platform"):
        buildkit.ask(HEAD, platform="a/b/c/d/e")


def test_a_program_that_dies_is_started_again(tmp_path: Path) -> None:
    script = tmp_path / "oracle"
    script.write_text('#!/bin/sh\nread -r line\n[ "$line" ] && exit 3\n')
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    oracle = Oracle(script)

    assert [oracle.ask(HEAD).crash, oracle.ask(HEAD).crash] == ["crashed", "crashed"]


def test_without_go_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(
        UnavailableError, match=r"^no BuildKit oracle: there is no Go on this machine \(tests/buildkit\)$"
    ):
        program()


def test_a_failing_build_is_one_line_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "go"
    script.write_text("#!/bin/sh\necho one >&2\necho no such module >&2\nexit 1\n")
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")

    with pytest.raises(UnavailableError, match=r"^no BuildKit oracle: go build failed: no such module"):
        program()
    assert [one.name for one in (tmp_path / "stackferry").iterdir()] == ["buildkit.lock"]
