"""Heredocs in a line: every form that BuildKit accepts, the place of each word, and lines without heredocs."""

import pytest

from stackferry.grammar.dockerfile.expansion.error import ExpansionError
from stackferry.grammar.dockerfile.heredoc import HeredocWord, heredoc_word, heredocs_in


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("RUN <<EOF", [HeredocWord("<<EOF", 4, "EOF", 0, True, False)]),
        ("RUN <<-EOF cat", [HeredocWord("<<-EOF", 4, "EOF", 0, True, True)]),
        ("RUN << EOF", [HeredocWord("<< EOF", 4, "EOF", 0, True, False)]),
        ("RUN <<\tEOF", [HeredocWord("<<\tEOF", 4, "EOF", 0, True, False)]),
        ("RUN << 'EOF' bash", [HeredocWord("<< 'EOF'", 4, "EOF", 0, False, False)]),
        ('RUN <<"E O F"', [HeredocWord('<<"E O F"', 4, "E O F", 0, False, False)]),
        ('RUN <<E"O"F', [HeredocWord('<<E"O"F', 4, "EOF", 0, False, False)]),
        # Only quotes keep the body from being expanded, for BuildKit looks for nothing else.
        (r"RUN <<\EOF", [HeredocWord(r"<<\EOF", 4, "EOF", 0, True, False)]),
        (r"RUN <<E\ F", [HeredocWord(r"<<E\ F", 4, "E F", 0, True, False)]),
        ("RUN 3<<EOF cat <&3", [HeredocWord("3<<EOF", 4, "EOF", 3, True, False)]),
        ("COPY <<$X /a", [HeredocWord("<<$X", 5, "$X", 0, True, False)]),
        (
            "COPY <<a.txt <<-'b.txt' /dest/",
            [
                HeredocWord("<<a.txt", 5, "a.txt", 0, True, False),
                HeredocWord("<<-'b.txt'", 13, "b.txt", 0, False, True),
            ],
        ),
        (
            "RUN cat <<A > f && cat 4<<B >> g",
            [HeredocWord("<<A", 8, "A", 0, True, False), HeredocWord("4<<B", 23, "B", 4, True, False)],
        ),
        ("RUN é 'x <<A' <<B", [HeredocWord("<<B", 14, "B", 0, True, False)]),
        ("RUN ${X:-a <<E}", [HeredocWord("<<E}", 11, "E}", 0, True, False)]),
        ("RUN cat<<EOF", []),
        ("RUN echo $((1<<2))", []),
        ("RUN cat <<<word", []),
        ("RUN cat <<", []),
        ("RUN << -EOF", [HeredocWord("<< -EOF", 4, "-EOF", 0, True, False)]),
        # The blank after the minus ends the word, and a word without a name is none.
        ("RUN <<- EOF", []),
        # What stands before an operand is lost, so here the `<<` is.
        ("RUN <<EOF${X:-a}", []),
        ("RUN '<<EOF'", []),
        (r"RUN \<<EOF", []),
        ("RUN << && true", [HeredocWord("<< &&", 4, "&&", 0, True, False)]),
        # A quote that does not end hides all.
        ("RUN echo it's <<EOF", []),
        ("RUN echo ${X <<EOF", []),
        ("RUN <<''", []),
    ],
)
def test_the_heredocs_of_a_line(line: str, found: list[HeredocWord]) -> None:
    assert heredocs_in(line) == found
    assert all(line[word.offset :].startswith(word.text) for word in found)


@pytest.mark.parametrize(
    ("word", "announced"),
    [
        ("<<EOF", ("EOF", 0, True, False)),
        ("<<-'EOF'", ("EOF", 0, False, True)),
        ("<<- EOF", ("EOF", 0, True, True)),
        ("0012<<E", ("E", 12, True, False)),
        ("99999999999999999999999<<E", ("E", 2**64 - 1, True, False)),
        ("9" * 10_000 + "<<E", ("E", 2**64 - 1, True, False)),
        ("<<E F", None),
        ("<<", None),
        ("<<<E", None),
        ("a<<E", None),
        ("E", None),
    ],
)
def test_what_a_word_announces(word: str, announced: tuple[str, int, bool, bool] | None) -> None:
    assert heredoc_word(word) == announced


def test_a_terminator_that_cannot_be_read_is_an_error_with_its_place() -> None:
    with pytest.raises(ExpansionError) as caught:
        heredocs_in(r"RUN a ${X:- <<E\" } b")

    assert caught.value.offset == 12
