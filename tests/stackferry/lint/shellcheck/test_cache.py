"""Answers on disk: read back whole or not at all, with any number of processes, in any folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stackferry.grammar.lint.shellcheck.remark import Remark
from stackferry.lint.shellcheck.cache import Cache, default_folder

DAY = 86_400.0
NOW = 1_800_000_000.0
KEY = "ab" + "c" * 62
REMARKS = (Remark(3, 1, 3, 2, "info", "SC2086", "é\ttab"[:1]), Remark(4, 1, 4, 2, "error", "SC1000", "b", '{"a":[]}'))


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(str(tmp_path / "a" / "shellcheck"), NOW)


def test_what_is_put_is_got(cache) -> None:
    assert cache.get(KEY) is None
    cache.put(KEY, REMARKS)
    cache.put("0" * 64, ())

    assert cache.get(KEY) == REMARKS
    assert cache.get("0" * 64) == ()
    assert cache.get("1" * 64) is None
    assert sorted(path.name for path in Path(cache.folder).rglob("*") if path.is_file()) == ["0" * 62, "c" * 62]


@pytest.mark.parametrize("content", [b"", b"remarks 2\n", b"\xff\x00", b"x" * 100])
def test_a_spoilt_answer_is_asked_again(cache, content) -> None:
    cache.put(KEY, REMARKS)
    (Path(cache.folder) / "ab" / ("c" * 62)).write_bytes(content)

    assert cache.get(KEY) is None
    cache.put(KEY, REMARKS)
    assert cache.get(KEY) == REMARKS


def test_no_folder_keeps_nothing(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    cache = Cache("", NOW)
    cache.put(KEY, REMARKS)
    cache.put_version("a\t1\t2", "0.11.0")
    cache.prune()

    assert (cache.get(KEY), cache.version("a\t1\t2")) == (None, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("broken", ["file", "/proc/nowhere/x", "folder"])
def test_a_folder_that_cannot_be_written_is_no_error(tmp_path, broken) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "ab" / ("c" * 62)).mkdir(parents=True)
    cache = Cache(str(tmp_path / broken), NOW)
    cache.put(KEY, REMARKS)
    cache.prune()
    if broken != "folder":
        cache.put_version("a\t1\t2", "0.11.0")
        assert cache.version("a\t1\t2") == ""

    assert cache.get(KEY) is None
    assert (tmp_path / "file").read_text() == ""


def test_versions_of_programs(cache) -> None:
    assert cache.version("/bin/a\t1\t2") == ""
    cache.put_version("/bin/a\t1\t2", "0.11.0")
    cache.put_version("/bin/b\t1\t2", "0.10.0")
    cache.put_version("/bin/a\t2\t2", "0.12.0")

    assert cache.version("/bin/a\t1\t2") == ""
    assert cache.version("/bin/a\t2\t2") == "0.12.0"
    assert cache.version("/bin/b\t1\t2") == "0.10.0"
    for number in range(20):
        cache.put_version(f"/bin/{number}\t1\t2", "1")
    assert cache.version("/bin/a\t2\t2") == ""
    assert len((Path(cache.folder) / "programs").read_text().splitlines()) == 10


def test_what_nobody_asks_for_is_deleted(cache) -> None:
    old, used, young = "aa" + "0" * 62, "aa" + "1" * 62, "bb" + "2" * 62
    for key, age in ((old, 31), (used, 31), (young, 29)):
        cache.put(key, REMARKS)
        os.utime(Path(cache.folder) / key[:2] / key[2:], (NOW - age * DAY, NOW - age * DAY))
    assert cache.get(used) == REMARKS

    cache.prune()

    assert (cache.get(old), cache.get(used), cache.get(young)) == (None, REMARKS, REMARKS)


def test_it_is_looked_through_once_a_day(cache) -> None:
    cache.prune()
    cache.put(KEY, REMARKS)
    path = Path(cache.folder) / "ab" / ("c" * 62)
    os.utime(path, (1, 1))

    Cache(cache.folder, NOW + DAY / 2).prune()
    assert path.exists()
    Cache(cache.folder, NOW + DAY * 2).prune()
    assert not path.exists()


def test_it_does_not_grow_without_end(cache, monkeypatch) -> None:
    monkeypatch.setattr("stackferry.lint.shellcheck.cache._MOST", 3)
    keys = [f"{number}{number}" + "0" * 62 for number in range(6)]
    for age, key in enumerate(keys):
        cache.put(key, REMARKS)
        os.utime(Path(cache.folder) / key[:2] / key[2:], (NOW - age, NOW - age))

    cache.prune()

    assert [cache.get(key) is not None for key in keys] == [True] * 3 + [False] * 3


WRITER = """
import sys
from stackferry.grammar.lint.shellcheck.remark import Remark
from stackferry.lint.shellcheck.cache import Cache
cache = Cache(sys.argv[1], 0.0)
seen = 0
for turn in range(150):
    for number in range(4):
        key = f"{number:02}" + "f" * 62
        remarks = tuple(Remark(line, 1, 1, 1, "info", "SC2086", "m" * 500) for line in range(number * 20))
        found = cache.get(key)
        assert found in (None, remarks), found
        seen += found is not None
        cache.put(key, remarks)
        cache.put_version(f"/bin/{sys.argv[2]}\\t1\\t2", "0.11.0")
        assert cache.version("/bin/x\\t1\\t2") in ("", "0.11.0")
    cache.prune()
print(seen)
"""


@pytest.mark.slow
def test_processes_beside_each_other_see_whole_answers(tmp_path) -> None:
    """As pre-commit runs us."""
    root = Path(__file__).parents[4]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(number)],
            env={"PYTHONPATH": str(root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for process in processes:
        output, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
        assert int(output) > 300
    left = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(left) == ["f" * 62] * 4 + ["programs", "pruned"]


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_CACHE_HOME": "/c"}, "/c/stackferry/shellcheck"),
        ({"XDG_CACHE_HOME": ""}, "/home/me/.cache/stackferry/shellcheck"),
        ({"XDG_CACHE_HOME": "relative"}, "/home/me/.cache/stackferry/shellcheck"),
        ({}, "/home/me/.cache/stackferry/shellcheck"),
    ],
)
def test_where_it_is(environment, folder, monkeypatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")

    assert default_folder(environment) == folder
