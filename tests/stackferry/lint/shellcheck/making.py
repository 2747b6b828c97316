"""Fake ShellCheck programs for tests."""

import stat
import sys
from pathlib import Path

FAKE = f"""#!{sys.executable} -S
import json, os, sys, time
log = os.path.join(os.path.dirname(os.path.abspath(__file__)), "log")
def note(*words):
    with open(log, "a") as stream:
        stream.write(" ".join(map(str, words)) + "\\n")
if sys.argv[1:] == ["--version"]:
    note("version")
    print("ShellCheck - shell script analysis tool\\nversion: 9.9")
    sys.exit()
names = sys.argv[sys.argv.index("--") + 1 :]
note("run", os.getcwd(), os.getpid(), os.environ.get("SHELLCHECK_OPTS"), *names)
comments = []
for name in names:
    text = open(name, encoding="utf-8", errors="surrogateescape").read()
    if "HANG" in text:
        time.sleep(600)
    if "CRASH" in text:
        os.kill(os.getpid(), 11)
    if "REFUSE" in text:
        print("shellcheck: cannot\\nreally", file=sys.stderr)
        sys.exit(3)
    if "NONSENSE" in text:
        print("nonsense")
        sys.exit(1)
    for number, line in enumerate(text.split("\\n"), 1):
        if "$X" in line:
            at = line.index("$X") + 1
            comments.append(dict(file=name, line=number, endLine=number, column=at, endColumn=at + 2, level="info",
                                 code=2086, message="m" * 100_000 if "LARGE" in line else "m", fix=None))
print(json.dumps({{"comments": comments}}))
sys.exit(bool(comments))
"""


def fake(folder: Path) -> Path:
    """A ShellCheck that marks each `$X`, and does what a text tells it to; `log` beside it says how it was called."""
    path = folder / "shellcheck"
    path.write_text(FAKE)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def runs(program: Path) -> list[list[str]]:
    """The calls of it, but for that for its version: folder, process, SHELLCHECK_OPTS, names."""
    log = program.with_name("log")
    lines = log.read_text().splitlines() if log.exists() else []
    calls = [line.split(" ")[1:] for line in lines if line.startswith("run ")]
    return [[*call[:3], *(name.rpartition("/")[2] for name in call[3:])] for call in calls]
