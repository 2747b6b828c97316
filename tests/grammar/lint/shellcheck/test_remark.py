"""ShellCheck's output in json1."""

import json

import pytest

from stackferry.grammar.lint.shellcheck.remark import Remark, remarks

COMMENT = {
    "file": "0",
    "line": 3,
    "endLine": 3,
    "column": 5,
    "endColumn": 7,
    "level": "info",
    "code": 2086,
    "message": "Double quote to prevent\nglobbing\tand word splitting.",
    "fix": None,
}


def test_remarks_by_file() -> None:
    fix = {"replacements": [{"line": 3, "replacement": '"é'}]}
    output = json.dumps({"comments": [COMMENT, {**COMMENT, "file": "7", "fix": fix}]}).encode()

    found = remarks(output)

    message = "Double quote to prevent globbing and word splitting."
    assert found["0"] == [Remark(3, 5, 3, 7, "info", "SC2086", message)]
    assert json.loads(found["7"][0].fix) == fix
    assert remarks(b'{"comments":[]}') == {}


@pytest.mark.parametrize("output", [b"", b"{", b"[]", b"{}", b'{"comments":[{}]}', b'{"comments":1}', b"\xff", b"null"])
def test_what_is_no_output(output) -> None:
    with pytest.raises(ValueError, match=r".*"):
        remarks(output)
