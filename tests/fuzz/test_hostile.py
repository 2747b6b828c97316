"""Hostile input through the whole command: a message and exit code 1, never a traceback, never a hang.

Each input has its own process, whose time and memory are measured.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.fuzz.child import MERCY, Outcome, run

HEAD = "services:\n  web:\n    image: x\n"
Given = Mapping[str, str | bytes]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The folder of the stack."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


def refused(folder: Path, given: Given, *arguments: str, through: Sequence[str] = ()) -> Outcome:
    """Load what cannot be loaded."""
    for name, content in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    outcome = run(folder, *arguments, "config", through=through)

    assert "Traceback" not in outcome.err
    assert (outcome.code, outcome.out) == (1, ""), outcome.err
    return outcome


CYCLE = "services:\n  a: {image: x, %s: [b]}\n  b: {image: x, %s: [a]}\n"

REFUSED: dict[str, tuple[Given, str]] = {
    "broken YAML": ({"compose.yaml": "services: [\n"}, "compose.yaml:1:11: error[yaml-syntax]"),
    "no YAML": ({"compose.yaml": "@`%\0"}, "compose.yaml:1:4: error[yaml-encoding]"),
    "an unclosed quote": ({"compose.yaml": "services: 'a\n"}, "error[yaml-syntax]: the quote ' is never closed"),
    "text for a document": ({"compose.yaml": "hello\n"}, "compose.yaml:1:1: error[wrong-type]"),
    "a list for a document": ({"compose.yaml": "- a\n"}, "compose.yaml:1:1: error[wrong-type]"),
    "nothing": ({"compose.yaml": ""}, "error[empty]"),
    "a list of services": ({"compose.yaml": "services: [a]\n"}, "compose.yaml:1:11: error[wrong-type]"),
    "text for a service": ({"compose.yaml": "services: {a: b}\n"}, "compose.yaml:1:15: error[wrong-type]"),
    "a number for an image": ({"compose.yaml": "services: {a: {image: 1}}\n"}, "compose.yaml:1:23: error[wrong-type]"),
    "a mapping for ports": ({"compose.yaml": f"{HEAD}    ports: {{a: b}}\n"}, "compose.yaml:4:12: error[wrong-type]"),
    "a duplicate key": ({"compose.yaml": f"{HEAD}    image: y\n"}, "compose.yaml:4:5: error[yaml-duplicate-key]"),
    "a key that is no text": ({"compose.yaml": f"{HEAD}1: a\n"}, "compose.yaml:4:1: error[yaml-key]"),
    "an unknown key": ({"compose.yaml": f"{HEAD}    imagee: y\n"}, "compose.yaml:4:5: error[unknown-key]"),
    "a missing env file": ({"compose.yaml": f"{HEAD}    env_file: no.env\n"}, "4:15: error[env-file-missing]"),
    "a cycle of extends": (
        {"compose.yaml": "services:\n  a: {extends: b}\n  b: {extends: a}\n"},
        "compose.yaml:2:7: error[extends-cycle]",
    ),
    "a cycle of extends through files": (
        {
            "compose.yaml": "services: {a: {extends: {file: o.yaml, service: b}}}\n",
            "o.yaml": "services: {b: {extends: {file: compose.yaml, service: a}}}\n",
        },
        "error[extends-cycle]",
    ),
    "a cycle of includes": (
        {"compose.yaml": "include: [o.yaml]\n", "o.yaml": "include: [compose.yaml]\n"},
        "o.yaml:1:11: error[include-cycle]",
    ),
    "a file that includes itself": ({"compose.yaml": "include: [compose.yaml]\n"}, "error[include-cycle]"),
    "a cycle of dependencies": (
        {"compose.yaml": CYCLE % ("depends_on", "depends_on")},
        "compose.yaml:2:30: error[dependency-cycle]",
    ),
    "a cycle of links": ({"compose.yaml": CYCLE % ("links", "links")}, "error[dependency-cycle]"),
    "an anchor in itself": ({"compose.yaml": "w: &w [*w]\n"}, "compose.yaml:1:8: error[yaml-cycle]"),
    "a merge key in itself": ({"compose.yaml": "w: &w {<<: *w}\n"}, "compose.yaml:1:12: error[yaml-cycle]"),
    "Latin 1": ({"compose.yaml": "services: {web: {image: caf\xe9}}\n".encode("latin-1")}, "1:29: error"),
    "half of UTF-16": ({"compose.yaml": b"\xff\xfea"}, "compose.yaml:1:"),
    "a picture": ({"compose.yaml": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"}, "1:1: error[yaml-encoding]"),
    "control characters": ({"compose.yaml": f"{HEAD}    \033[2J: x\n"}, "compose.yaml:4:5: error[yaml-encoding]"),
    "a folder for an included file": ({"compose.yaml": "include: [sub]\n", "sub/a": ""}, "cannot read sub: Is a dir"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_place(name: str, shop: Path) -> None:
    given, told = REFUSED[name]

    assert told in refused(shop, given).err


LAUGHS = "x-0: &x0 [lol]\n" + "".join(
    f"x-{level}: &x{level} [{','.join([f'*x{level - 1}'] * 10)}]\n" for level in range(1, 20)
)
LARGE: dict[str, tuple[str, str, float]] = {
    "a billion laughs": (LAUGHS + HEAD, "error[yaml-alias-bomb]", 1.0),
    "lists, 10,000 deep": ("x-a: " + "[" * 10_000 + "]" * 10_000, "error[yaml-too-deep]", 1.0),
    "mappings, 10,000 deep": ("x-a: " + "{a: " * 10_000 + "}" * 10_000, "error[yaml-too-deep]", 1.0),
    "indents, 10,000 deep": ("x-a:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 2000)), "error[yaml-too-deep]", 1.0),
    "10 MB of nothing": (" " * 10_000_000, "error[empty]", 1.0),
    "10 MB of one word": ("a" * 10_000_000, "error[wrong-type]", 1.0),
    "10 MB of comments": ("# a comment\n" * 830_000, "error[empty]", 1.0),
    "10 MB of one key": (HEAD + "    " + "a" * 10_000_000 + ": 1\n", "error[yaml-syntax]", 1.0),
}


@pytest.mark.parametrize("name", LARGE)
def test_it_is_refused_at_once_and_in_little_memory(name: str, shop: Path) -> None:
    text, told, seconds = LARGE[name]

    outcome = refused(shop, {"compose.yaml": text})

    assert told in outcome.err
    assert outcome.seconds < seconds * MERCY
    assert outcome.megabytes < 200
    assert len(outcome.err) < 2_000


def test_a_file_of_10_mb_that_means_something_is_loaded(shop: Path) -> None:
    note = "a" * 9_999_000
    (shop / "compose.yaml").write_text(f"{HEAD}x-note: {note}\n")

    outcome = run(shop, "config")

    assert (outcome.code, outcome.err, note in outcome.out) == (0, "", True)
    assert outcome.megabytes < 300


def test_a_file_beyond_all_measure_is_not_read(shop: Path) -> None:
    with open(shop / "compose.yaml", "wb") as sparse:
        sparse.truncate(10 << 30)

    outcome = refused(shop, {})

    assert "larger than" in outcome.err
    assert outcome.megabytes < 200


def test_a_folder_for_a_file(shop: Path) -> None:
    (shop / "compose.yaml").mkdir()

    assert "cannot read compose.yaml: Is a directory" in refused(shop, {}).err
    assert "cannot read compose.yaml: Is a directory" in refused(shop, {}, "-f", "compose.yaml").err


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("compose.yaml", {}, "cannot read compose.yaml: not a regular file"),
        ("o.yaml", {"compose.yaml": "include: [o.yaml]\n"}, "cannot read o.yaml: not a regular file"),
        ("e.env", {"compose.yaml": f"{HEAD}    env_file: e.env\n"}, "cannot read env file e.env: not a regular file"),
        (".env", {"compose.yaml": HEAD}, "cannot read env file .env: not a regular file"),
    ],
)
def test_a_fifo_does_not_hang(name: str, given: Given, told: str, shop: Path) -> None:
    os.mkfifo(shop / name)

    assert told in refused(shop, given).err


POWERLESS: Sequence[str] = ()
if os.geteuid() == 0:
    # Root may read everything; without these two rights it is bound by the modes of its own files.
    POWERLESS = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search")


@pytest.mark.skipif(bool(POWERLESS) and not shutil.which("setpriv"), reason="root may read everything")
@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("compose.yaml", {"compose.yaml": HEAD}, "cannot read compose.yaml: Permission denied"),
        ("e.env", {"compose.yaml": f"{HEAD}    env_file: e.env\n", "e.env": ""}, "env file e.env: Permission denied"),
        ("o.yaml", {"compose.yaml": "include: [o.yaml]\n", "o.yaml": HEAD}, "cannot read o.yaml: Permission denied"),
    ],
)
def test_no_permission(name: str, given: Given, told: str, shop: Path) -> None:
    (shop / name).touch(0o000)
    (shop / name).chmod(0o000)

    assert told in refused(shop, given, through=POWERLESS).err


def test_a_loop_of_links(shop: Path) -> None:
    (shop / "compose.yaml").symlink_to("other.yaml")
    (shop / "other.yaml").symlink_to("compose.yaml")

    assert "Too many levels of symbolic links" in refused(shop, {}, "-f", "compose.yaml").err


def test_a_missing_file_and_a_device(shop: Path) -> None:
    assert "cannot read no.yaml: No such file" in refused(shop, {}, "-f", "no.yaml").err
    assert "not a regular file" in refused(shop, {}, "-f", "/dev/zero").err


def test_all_problems_of_a_file_in_one_run(shop: Path) -> None:
    text = """\
services:
  web:
    image: 1
    prots: ["80:80"]
    mem_limit: lots
    depends_on: [dp]
    networks: [frnt]
    command: ${
  db:
    image: db
    stop_grace_period: 5
networks:
  front: {internl: true}
"""
    outcome = refused(shop, {"compose.yaml": text})

    places = [line.split(": ")[0].split(":")[1] for line in outcome.err.splitlines() if ": error[" in line]
    assert places == ["3", "4", "5", "6", "7", "8", "11", "13"]


def test_of_ten_thousand_problems_a_hundred_are_told(shop: Path) -> None:
    outcome = refused(shop, {"compose.yaml": HEAD + "".join(f"    imag{n}: a\n" for n in range(10_000))})

    assert outcome.err.count("error[unknown-key]") == 100
    assert "error[too-many-problems]: more than 100 problems" in outcome.err
    assert outcome.seconds < 2 * MERCY
