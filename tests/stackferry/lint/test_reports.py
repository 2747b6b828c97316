"""Public bug reports about other linters as small cases: what must be found here, and what must not.

A folder of `fixtures/reports` has Dockerfiles, `judged.txt` (the prefixes of the ids that count, then the address of
the report), and `expected.txt` with the findings with these ids.
"""

import re
from pathlib import Path

import pytest

from stackferry.cli import main
from tests.conftest import ROOT

CASES = sorted(path for path in (ROOT / "fixtures" / "reports").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_report(case: Path, golden, capsys, monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(case)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    judged = tuple((case / "judged.txt").read_text(encoding="utf-8").splitlines()[0].split())
    dockerfiles = sorted(path.name for path in case.iterdir() if path.name.endswith("Dockerfile"))

    main(["lint", "--no-config", "--set", "all", *dockerfiles])

    said = capsys.readouterr()
    assert said.err == ""
    kept = [line for line in said.out.splitlines() if re.search(r"\[(?:%s)" % "|".join(judged), line)]  # noqa: UP031
    golden(case / "expected.txt", "".join(f"{line}\n" for line in kept))
