import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.lint.rules.hadolint.labels.licenses import ids, mistake
from stackferry.grammar.suggest import Suggestions


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        " MIT ",
        "Apache-2.0+",
        "MIT OR Apache-2.0 AND Zlib",
        "((MIT))",
        "(MIT OR(Zlib))AND 0BSD",
        "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",
        "LicenseRef-a.b-1",
        "DocumentRef-a:LicenseRef-b",
    ],
)
def test_an_expression_is_fine(expression):
    assert mistake(expression, Suggestions()) is None


@pytest.mark.parametrize(
    ("expression", "wrong", "hint"),
    [
        ("", "it is empty", "write an id such as Apache-2.0"),
        ("  ", "it is empty", "write an id such as Apache-2.0"),
        ("apache-2.0", "'apache-2.0' is not in the SPDX license list", "write Apache-2.0"),
        ("Apache-2", "'Apache-2' is not in the SPDX license list", "did you mean 'Apache-2.0'?"),
        ("GPL-3.0", "GPL-3.0 is deprecated", "write GPL-3.0-only"),
        ("LGPL-2.1+", "LGPL-2.1+ is deprecated", "write LGPL-2.1-or-later"),
        ("MIT AND", "it is not complete", "write an id such as Apache-2.0"),
        ("(MIT", "it is not complete", "write an id such as Apache-2.0"),
        ("MIT)", "')' is misplaced", "put AND, OR or WITH between ids"),
        ("MIT Zlib", "'Zlib' is misplaced", "put AND, OR or WITH between ids"),
        ("MIT (Zlib)", "'(' is misplaced", "put AND, OR or WITH between ids"),
        (
            "Classpath-exception-2.0",
            "'Classpath-exception-2.0' is not in the SPDX license list",
            "write an id such as Apache-2.0",
        ),
        ("Proprietary", "'Proprietary' is not in the SPDX license list", "write an id such as Apache-2.0"),
    ],
)
def test_an_expression_is_wrong(expression, wrong, hint):
    assert mistake(expression, Suggestions()) == (wrong, hint)


def test_the_list_has_all_kinds():
    kinds = list(ids().values())

    assert kinds.count("license") > 600
    assert kinds.count("deprecated") > 30
    assert kinds.count("exception") > 70


@given(st.lists(st.sampled_from(["MIT", "Zlib", "AND", "OR", "WITH", "(", ")", "GPL-2.0", "x"]), max_size=12))
def test_an_expression_that_is_fine_stays_fine_in_parentheses(words):
    expression = " ".join(words)

    assert (mistake(expression, Suggestions()) is None) == (mistake(f"({expression})", Suggestions()) is None)
