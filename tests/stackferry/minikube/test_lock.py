import os
import signal
import subprocess
import sys

import pytest

from stackferry.grammar.diagnostics import StackferryError
from stackferry.minikube.lock import Folder, held

HOLDER = """
import sys, time
from pathlib import Path
from stackferry.minikube.lock import Folder, held
with held(Folder(Path(sys.argv[1])), "shop"):
    print("held", flush=True)
    time.sleep(600)
"""


def test_the_second_learns_who_has_it(tmp_path):
    folder = Folder(tmp_path / "shop")
    other = subprocess.Popen([sys.executable, "-c", HOLDER, folder.path], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    try:
        with pytest.raises(StackferryError, match=f"process {other.pid} is using the minikube profile shop"):
            held(folder, "shop").__enter__()
    finally:
        other.kill()
        other.wait()
        other.stdout.close()

    with held(folder, "shop"):
        assert folder.lock.read_text("utf-8") == str(os.getpid())


def test_it_can_be_had_again(tmp_path):
    folder = Folder(tmp_path / "shop")
    for _ in range(2):
        with held(folder, "shop"):
            pass


def test_what_a_killed_command_left_is_ended_and_swept(tmp_path):
    folder = Folder(tmp_path / "shop")
    folder.scratch.mkdir(parents=True)
    (folder.scratch / "image.tar").write_text("large", "utf-8")
    orphan = subprocess.Popen([sys.executable, "-c", "import time; print(1, flush=True); time.sleep(600)"], stdout=-1)
    assert orphan.stdout is not None
    orphan.stdout.readline()
    folder.began(orphan.pid)
    assert folder.left_behind() == orphan.pid

    with held(folder, "shop"):
        assert orphan.wait(30) == -signal.SIGINT or orphan.returncode == 1
        assert folder.left_behind() is None
        assert list(folder.scratch.iterdir()) == []
    orphan.stdout.close()


def test_a_process_that_has_its_number_now_is_left_alone(tmp_path):
    folder = Folder(tmp_path / "shop")
    folder.path.mkdir()
    (folder.path / "child").write_text(f"{os.getpid()} 1", "utf-8")

    assert folder.left_behind() is None
    with held(folder, "shop"):
        pass
