"""Every way a command can end, and the exit code it leaves."""

import pytest
import typer

from stackferry.errors import exit_code
from stackferry.grammar.diagnostics import StackferryError
from stackferry.session import Session


@pytest.fixture
def session(tmp_path):
    return Session(environment={"XDG_STATE_HOME": str(tmp_path)})


def raising(error):
    def run():
        raise error

    return run


@pytest.mark.parametrize(("result", "expected"), [(None, 0), (0, 0), (1, 1), (2, 2)])
def test_a_result_is_the_exit_code(session, result, expected):
    assert exit_code(session, lambda: result) == expected


def test_an_expected_failure_is_shown(session, capsys):
    assert exit_code(session, raising(StackferryError("no engine", "start it"))) == 1
    assert capsys.readouterr() == ("", "error: no engine\n  hint: start it\n")


def test_a_failure_of_the_file_system_names_the_file(session, capsys):
    assert exit_code(session, raising(PermissionError(13, "Permission denied", "/x/y"))) == 1
    assert capsys.readouterr().err == "error: /x/y: Permission denied\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), typer.Abort()])
def test_interrupted(session, capsys, error):
    assert exit_code(session, raising(error)) == 130
    assert capsys.readouterr() == ("", "")


def test_usage(session, capsys):
    assert exit_code(session, raising(typer.BadParameter("no such colour"))) == 2
    assert "no such colour" in capsys.readouterr().err


def test_a_bug_leaves_a_log_and_no_traceback(session, capsys, tmp_path):
    assert exit_code(session, raising(KeyError("oops"))) == 3

    shown = capsys.readouterr().err
    [log] = (tmp_path / "stackferry").iterdir()
    assert shown == f"error: this is a bug in stackferry: KeyError: 'oops'\n  hint: please report it with {log}\n"
    assert "Traceback (most recent call last)" in log.read_text()
    assert "KeyError: 'oops'" in log.read_text()


def test_a_bug_with_nowhere_to_log_shows_the_log(capsys, tmp_path):
    (tmp_path / "file").touch()
    session = Session(environment={"XDG_STATE_HOME": str(tmp_path / "file")})

    assert exit_code(session, raising(RecursionError("deep"))) == 3
    assert "Traceback" in capsys.readouterr().err


def test_for_a_machine_failures_are_one_json_list(session, capsys):
    import json

    session.machine = True
    session.note("3 objects")

    assert exit_code(session, raising(StackferryError("no engine"))) == 1
    assert [one["message"] for one in json.loads(capsys.readouterr().err)] == ["3 objects", "no engine"]
