"""Our parser gives BuildKit's tree for the corpus, BuildKit's test files, generated and mutated files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given

from tests.buildkit.oracle import Oracle
from tests.conformance.dockerfile.search import changed, made_up, parser_against, search
from tests.conformance.lint.dockerfile import CORPUS, corpus, fixtures
from tests.dockerfiles.make import dockerfiles

pytestmark = pytest.mark.real

FOUND = (
    # The smallest files of differences that a search has found.
    *(
        b"ARG \\ \\",
        b"ARG \\\x0b",
        b"ENV =\\\x0b",
        b"LABEL =''\\\x0b",
        b'FROM --" ',
        b"RUN --\\\x0b",
        b"\n ",
        b" #\nRUN a",
    ),
    *(
        b"RUN --mount=",
        b"RUN --mount=g --mount=from=$a",
        b"RUN --security=",
        b"RUN --device=",
        b"RUN --device=n,=",
        b"",
    ),
    *(b"HEALTHCHECK NONE []", b"HEALTHCHECK --\n NONE", b'COPY --\xe2\x80\xa8[""]', b"COPY --\xe2\x80\xa8 g a"),
    *(
        b"RUN --security=sandbox --device=m,",
        b"FROM a\nRUN <<A\n",
        b"FROM a\nRUN <<A\nA",
        b"FROM a\nRUN <<A\n A\nA \nA\r\n",
    ),
    *(b"FROM --platform=\xe2\x80\xa8M h", b"\xe2\x80\xa8#\nFROM a", b"r\xe2\x80\x83 ", b"COPY --]\xf2"),
    *(
        b"ONBUILD " * 40,
        b"FROM a\nRUN " + b"a" * 65531,
        b"FROM a\nRUN " + b"a" * 65532,
        b"#" + b"\xc3\xa9" * 33000 + b"\nFROM a",
    ),
)


def differing(oracle: Oracle, contents: Iterator[bytes]) -> list[str]:
    return [f"{find.count} × {find.difference}\n{find.content!r}" for find in search(contents, parser_against(oracle))]


@pytest.mark.parametrize("content", FOUND)
def test_what_a_search_found(content: bytes, buildkit: Oracle) -> None:
    assert [*map(str, parser_against(buildkit)(content))] == []


def test_our_fixtures(buildkit: Oracle) -> None:
    assert differing(buildkit, (file.content for file in fixtures())) == []


@pytest.mark.corpus
def test_other_peoples_files(buildkit: Oracle) -> None:
    assert differing(buildkit, (file.content for file in corpus())) == []


@pytest.mark.corpus
def test_the_files_of_buildkits_own_tests(buildkit: Oracle) -> None:
    folder = CORPUS.parent / "buildkit-parser"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name.lower() == "dockerfile"]

    assert len(files) > 30
    assert differing(buildkit, map(Path.read_bytes, files)) == []


@pytest.mark.slow
def test_made_up_files(buildkit: Oracle) -> None:
    assert differing(buildkit, made_up(0, 500)) == []


@pytest.mark.slow
def test_changed_real_files(buildkit: Oracle) -> None:
    assert differing(buildkit, changed(0, 500)) == []


@given(text=dockerfiles())
def test_anything(buildkit: Oracle, text: str) -> None:
    assert [*map(str, parser_against(buildkit)(text.encode("utf-8", "surrogateescape")))] == []
