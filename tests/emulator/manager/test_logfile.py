"""A large log is rotated: the previous one is kept beside it."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import logging, sys
from pathlib import Path
from stackferry.emulator.manager import logfile
logfile.LOG_LIMIT = 1000
logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[logfile.LogFile(Path({path!r}))])
for number in range({count}):
    logging.info("line %04d", number)
    print("said", number, file=sys.stderr)
"""


def write(path: Path, to: Path, count: int) -> None:
    with to.open("ab") as file:
        subprocess.run(
            [sys.executable, "-c", SCRIPT.format(path=str(path), count=count)], stdout=file, stderr=file, check=True
        )


def test_a_large_log_begins_anew_and_the_last_one_is_kept(tmp_path: Path) -> None:
    log, last = tmp_path / "manager.log", tmp_path / "manager.log.1"

    write(log, log, 150)

    assert sorted(tmp_path.iterdir()) == [log, last]
    assert last.stat().st_size > 1000
    assert 0 < log.stat().st_size <= 1000
    assert log.stat().st_mode & 0o777 == 0o600
    whole = last.read_text() + log.read_text()
    assert whole.endswith("line 0149\nsaid 149\n")
    # No line was lost where one file ends and the next begins.
    numbers = [int(line.split()[1]) for line in whole.splitlines()]
    first = numbers[0]
    assert sorted(set(numbers)) == list(range(first, 150))


def test_what_is_no_log_is_left_alone(tmp_path: Path) -> None:
    log, other = tmp_path / "manager.log", tmp_path / "terminal"
    log.write_text("of before\n")

    write(log, other, 150)

    assert sorted(tmp_path.iterdir()) == [log, other]
    assert log.read_text() == "of before\n"
    assert other.read_text().count("line ") == 150
