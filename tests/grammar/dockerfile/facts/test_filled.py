"""Values that a build substitutes, as far as they are known."""

import pytest

from stackferry.grammar.dockerfile.facts.filled import filled, filled_in_from, texts
from tests.grammar.lint.making import facts


@pytest.mark.parametrize(
    ("base", "text", "value"),
    [
        ("debian:12", "$NOTHING", ""),
        ("debian:12", "a$SET", "a1"),
        ("debian:12", "$GIVEN", None),
        ("debian:12", "${GIVEN:-x}", None),
        ("debian:12", "${SET^}", None),
        ("team/base", "$NOTHING", None),
        ("team/base", "$SET", "1"),
    ],
)
def test_a_text(base, text, value):
    (step,) = facts(f"FROM {base}\nENV SET=1\nARG GIVEN\nUSER x").steps("USER")

    assert filled(step, text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("$A", "1"), ("$B", None), ("$C", ""), ("$BUILDPLATFORM", None), ("${A^}", None)]
)
def test_a_text_in_from(text, value):
    assert filled_in_from(facts("ARG A=1\nARG B\nFROM debian\nENV C=2"), text) == value


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ENV a=b c=d", ["a", "b", "c", "d"]),
        ("ARG a=b", ["b"]),
        ("COPY --chown=a --from=x b c", ["a", "b", "c"]),
        ("RUN --mount=type=cache,target=$X,from=y z", ["cache", "$X"]),
        ("COPY <<E /a\n$b\nE\n", ["/a", "$b\n"]),
        ("COPY <<'E' /a\n$b\nE\n", ["/a"]),
    ],
)
def test_the_texts_that_a_build_fills_in(line, found):
    (step,) = facts(f"FROM debian\n{line}").steps()

    assert [text.text for text in texts(step)] == found
