"""Invalid templates: allowed in a value that is unused, refused in a used one."""

import pytest

from stackferry.grammar.compose.phases.template import TemplateError, substitute

SET = {"SET": "set", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${SET:-${}}", "set"),
        ("a${SET:-${}}b", "asetb"),
        ("${SET:-${B:-${C}}", "set"),
        ("x${NO+${}}y", "xy"),
        ("${EMPTY-${}}", ""),
        ("${SET:?${}}", "set"),
        ("${NO:-{}", "{"),
    ],
)
def test_a_word_that_is_not_used(text: str, expected: str) -> None:
    assert substitute(text, SET.get, lambda _: None) == expected


@pytest.mark.parametrize("text", ["${NO:-${}}", "${SET+${}}", "${NO?${}}", "${}", "${SET", "${SET:-a", "$SET ${"])
def test_what_is_used_has_to_be_read(text: str) -> None:
    with pytest.raises(TemplateError):
        substitute(text, SET.get, lambda _: None)
