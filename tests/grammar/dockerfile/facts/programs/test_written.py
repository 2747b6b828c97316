"""Lines that a build writes into files."""

import pytest

from stackferry.grammar.dockerfile.facts.programs.written import lines_written
from tests.grammar.lint.making import facts


def found(instruction: str) -> list[tuple[str, str]]:
    return [(line.path, line.text) for line in lines_written(facts(f"FROM a\n{instruction}\n"))]


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("RUN echo a > /f", [("/f", "a")]),
        ("RUN echo -n 'a' >> /f", [("/f", "a")]),
        ("RUN printf 'a\\nb\\n' >/f", [("/f", "a"), ("/f", "b"), ("/f", "")]),
        ("RUN echo a | tee -a /f /g", [("/f", "a"), ("/g", "a")]),
        ("RUN echo a | sudo tee /f", [("/f", "a")]),
        ("RUN { echo a; echo b; } > /f", [("/f", "a"), ("/f", "b")]),
        ("RUN ( echo a; ) | tee /f", [("/f", "a")]),
        ('RUN echo "$X" > "/f"', [("/f", "$X")]),
        ("RUN echo a b > /f", [("/f", "a"), ("/f", "a b"), ("/f", "b")]),
        ("RUN echo a 2> /f", []),
        ("RUN echo a < /f", []),
        ("RUN make > /f", []),
        ("RUN cat <<EOF > /f\na\n  b\n\nEOF", [("/f", "a"), ("/f", "b")]),
        ("RUN tee /f <<EOF\na\nEOF", [("/f", "a")]),
        ("RUN bash -c 'echo a > /f'", [("/f", "a")]),
        ("COPY <<EOF /f\na\nEOF", [("/f", "a")]),
        ("COPY <<a <<b /f/\nx\na\ny\nb", [("/f/a", "x"), ("/f/b", "y")]),
        ("COPY a /f", []),
    ],
)
def test_lines(instruction: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(instruction)) == sorted(expected)


def test_a_line_of_a_heredoc_has_its_own_place() -> None:
    file = facts("FROM a\nRUN cat <<EOF > /f\na\n  b c\nEOF\n")

    assert [file.source.text[line.start : line.end] for line in lines_written(file)] == ["a", "b c"]
