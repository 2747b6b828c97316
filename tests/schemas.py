"""The schemas of report formats, fetched once from packages that carry them, and kept outside the tree.

SARIF's own (OASIS, 2.1.0) is in the sources of gosec, a Go module; that of Jenkins' xUnit plugin for JUnit is in the
source archive of pytest. `make schemas` fetches them, and `xmlschema` to read the second; without them a line says so.
No registry package with a schema for Checkstyle's XML or GitLab's code quality was found.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from tests import cache

SARIF = "sarif-2.1.0.json"
JUNIT = "junit-10.xsd"
READER = "reader"

_GOSEC = "github.com/securego/gosec/v2@v2.30.0"
_PYTEST = "pytest==8.4.2"
_XMLSCHEMA = "xmlschema==4.3.2"
PATIENCE = 600


class UnavailableError(Exception):
    """A schema is not on this machine; the message is one line."""


def path(name: str) -> Path:
    """Where a schema is kept. Raises `UnavailableError`."""
    found = _folder() / name
    if not found.exists():
        raise UnavailableError(f"no {name}: run `make schemas` (tests/schemas.py)")
    return found


def refused(report: str) -> str:
    """Why the schema of JUnit refuses a report, empty if it does not. Raises `UnavailableError`."""
    program = "import sys, xmlschema; xmlschema.validate(sys.argv[1], sys.argv[2])"
    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as stream:
        stream.write(report)
        stream.flush()
        done = subprocess.run(
            [sys.executable, "-c", program, stream.name, path(JUNIT)],
            env={**os.environ, "PYTHONPATH": str(path(READER))},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    return "" if done.returncode == 0 else done.stderr or f"exit {done.returncode}"


def _folder() -> Path:
    return cache.folder() / "schemas"


def _fetch() -> None:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        if not (folder / SARIF).exists():
            told = json.loads(_run(["go", "mod", "download", "-json", _GOSEC]))
            schema = Path(told["Dir"]) / "report" / "sarif" / "testdata" / "sarif-schema-2.1.0.json"
            cache.write(folder / SARIF, schema.read_text(encoding="utf-8"))
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        if not (folder / READER).exists():
            _run([*pip, "install", "--target", f"{scratch}/{READER}", _XMLSCHEMA])
            shutil.move(f"{scratch}/{READER}", folder / READER)
        if not (folder / JUNIT).exists():
            _run([*pip, "download", "--no-deps", "--no-binary", ":all:", "--dest", scratch, _PYTEST])
            (archive,) = Path(scratch).glob("*.tar.gz")
            cache.write(folder / JUNIT, _member(archive, "/testing/example_scripts/junit-10.xsd"))


def _member(archive: Path, ending: str) -> str:
    with tarfile.open(archive) as files:
        name = next(name for name in files.getnames() if name.endswith(ending))
        return (files.extractfile(name) or io.BytesIO()).read().decode()


def _run(words: Sequence[str]) -> str:
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except OSError as error:
        raise UnavailableError(f"no schemas: {error}") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise UnavailableError(f"no schemas: {words[0]} failed: {last}")
    return done.stdout


if __name__ == "__main__":
    try:
        _fetch()
        print(_folder())
    except UnavailableError as reason:
        print(reason, file=sys.stderr)
        sys.exit(2)
