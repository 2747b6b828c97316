"""The scripts alone; `test_transfer.py` runs those that copy."""

import subprocess
import time
from pathlib import Path

from stackferry.translator.cluster.copying import scripts


def test_a_pod_in_which_nothing_runs_ends(tmp_path: Path) -> None:
    """By itself after a while, and at once when it is told to."""
    (tmp_path / "proc" / "1").mkdir(parents=True)
    script = scripts.IDLE.replace("/proc", str(tmp_path / "proc"))
    quick = script.replace("sleep 5", "sleep 0")

    assert subprocess.run(["sh", "-c", quick], timeout=30, check=False).returncode == 0
    (tmp_path / "proc" / "7").mkdir()
    busy = subprocess.Popen(["sh", "-c", script.replace("sleep 5", "echo; sleep 1000")], stdout=subprocess.PIPE)
    assert busy.stdout
    busy.stdout.readline()
    began = time.monotonic()
    busy.terminate()
    assert busy.wait(30) == 0
    busy.stdout.close()
    assert time.monotonic() - began < 20
