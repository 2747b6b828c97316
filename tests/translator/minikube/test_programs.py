import os
import signal
import sys
import threading
import time

import pytest

from stackferry.translator.minikube.programs import HostPrograms, ProgramError

PYTHON = sys.executable


def programs(tmp_path, **rest):
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return HostPrograms({"PATH": os.environ["PATH"]}, scratch=scratch, **rest)


def test_what_it_says_and_how_it_ends(tmp_path):
    lines = []
    code = "import sys; print('one'); print('two'); print('bad', file=sys.stderr); sys.exit(7)"

    answer = programs(tmp_path).run([PYTHON, "-c", code], told=lines.append)

    assert (answer.code, answer.out, answer.err) == (7, "one\ntwo\n", "bad\n")
    assert lines == ["one", "two"]


def test_its_complaints_are_heard_apart(tmp_path):
    lines, errors = [], []
    code = "import sys; print('one'); print('bad', file=sys.stderr); print('worse', file=sys.stderr)"

    answer = programs(tmp_path).run([PYTHON, "-c", code], told=lines.append, told_errors=errors.append)

    assert (answer.out, answer.err) == ("one\n", "bad\nworse\n")
    assert (lines, errors) == (["one"], ["bad", "worse"])


def test_whoever_hears_it_may_end_it(tmp_path):
    code = "import time; print('go', flush=True); print('hopeless', flush=True); time.sleep(600)"

    answer = programs(tmp_path).run([PYTHON, "-c", code], told=lambda line: line == "hopeless")

    assert answer.code != 0
    assert answer.out == "go\nhopeless\n"


def test_it_gets_a_folder_of_its_own_for_temporary_files_and_none_stays(tmp_path):
    code = "import os; d = os.environ['TMPDIR']; open(d + '/left', 'w').close(); print(d)"

    answer = programs(tmp_path).run([PYTHON, "-c", code])

    assert answer.out.startswith(str(tmp_path / "scratch"))
    assert list((tmp_path / "scratch").iterdir()) == []


def test_it_is_spoken_to_as_a_program(tmp_path):
    code = "import os; print(os.environ['MINIKUBE_IN_STYLE'], os.environ['LC_ALL'])"

    assert programs(tmp_path).run([PYTHON, "-c", code]).out == "false C\n"


def test_one_that_is_not_there(tmp_path):
    assert programs(tmp_path).path("no-such-program") is None
    with pytest.raises(ProgramError, match="no-such-program is not on the PATH"):
        programs(tmp_path).run(["no-such-program"])


def test_one_that_takes_too_long_is_ended(tmp_path):
    began = []
    slow = [PYTHON, "-c", "import time; time.sleep(600)"]

    with pytest.raises(ProgramError, match="did not finish within 0 s"):
        programs(tmp_path, began=began.append).run(slow, patience=0.2)

    assert began[1:] == [None]
    with pytest.raises(ProcessLookupError):
        os.kill(began[0], 0)


def test_what_it_leaves_running_is_not_waited_for(tmp_path):
    code = "import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True)"
    start = time.monotonic()

    answer = programs(tmp_path).run([PYTHON, "-c", code])

    os.kill(int(answer.out), signal.SIGKILL)
    assert time.monotonic() - start < 60


def test_an_interrupt_ends_it_too(tmp_path):
    began = []
    main = threading.get_ident()

    def interrupt(_line):
        signal.pthread_kill(main, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        programs(tmp_path, began=began.append).run(
            [PYTHON, "-c", "import time; print('up', flush=True); time.sleep(600)"], told=interrupt
        )

    with pytest.raises(ProcessLookupError):
        os.kill(began[0], 0)


def test_one_that_goes_on_without_us(tmp_path):
    """In a session of its own, out of the reach of our Ctrl-C, and nobody's child that we would have to wait for."""
    code = "import os, time; print(os.getsid(0), os.environ['TMPDIR'], flush=True); time.sleep(600)"
    folder = tmp_path / "a folder"
    folder.mkdir()

    programs(tmp_path).spawn([PYTHON, "-c", code, "a b", "c'd\n"], folder)

    process = int((folder / "process").read_text())
    try:
        end = time.monotonic() + 60
        while not (said := (folder / "output").read_text()) and time.monotonic() < end:
            time.sleep(0.01)
        session, _, scratch = said.partition(" ")
        assert int(session) not in (0, os.getsid(0))
        assert scratch == f"{folder}\n"
        with pytest.raises(ChildProcessError):
            os.waitpid(process, os.WNOHANG)
    finally:
        os.kill(process, signal.SIGKILL)


def test_one_that_is_not_there_does_not_go_on(tmp_path):
    with pytest.raises(ProgramError, match="no-such-program is not on the PATH"):
        programs(tmp_path).spawn(["no-such-program"], tmp_path)
