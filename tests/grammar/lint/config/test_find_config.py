"""Which configuration applies to a file: ours above it, else hadolint's where hadolint searches."""

import os
import subprocess

import pytest

from stackferry.grammar.diagnostics import SourceError, StackferryError
from stackferry.grammar.files import Memory
from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.config.find_config import ConfigFinder, hadolint_paths
from tests.grammar.lint.catalogues import HADOLINT, catalogue_of, needs_hadolint

CATALOGUE = catalogue_of()
ALL, SECURITY = '[tool.stackferry.lint]\nset = "all"\n', '[tool.stackferry.lint]\nset = "security"\n'
IGNORED = "ignored: [DL3006]\n"


class Counted:
    """Files in memory that count how often each is read."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = Memory(files)
        self.reads: list[str] = []

    def __call__(self, path: str) -> str | None:
        self.reads.append(path)
        try:
            return self.files.read(path).decode()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


def finder(files: dict[str, str], cwd: str = "/work/p", **environment: str) -> ConfigFinder:
    return ConfigFinder(Counted(files), CATALOGUE, cwd=cwd, environment={"HOME": "/home/me", **environment})


def test_without_any_file_the_defaults_count():
    assert finder({}).for_file("Dockerfile") == Config()


@pytest.mark.parametrize(
    ("files", "path", "config"),
    [
        ({"/work/p/pyproject.toml": ALL}, "Dockerfile", "pyproject.toml"),
        ({"/work/p/pyproject.toml": ALL}, "a/b/Dockerfile", "pyproject.toml"),
        ({"/work/p/pyproject.toml": ALL, "/work/p/a/stackferry.toml": SECURITY}, "a/b/Dockerfile", "a/stackferry.toml"),
        ({"/work/p/pyproject.toml": ALL, "/work/p/stackferry.toml": SECURITY}, "Dockerfile", "stackferry.toml"),
        (
            {"/work/stackferry.toml": ALL, "/work/p/pyproject.toml": "[project]\n"},
            "Dockerfile",
            "/work/stackferry.toml",
        ),
        ({"/stackferry.toml": ALL}, "Dockerfile", "/stackferry.toml"),
        ({"/other/stackferry.toml": ALL}, "/other/x/Dockerfile", "/other/stackferry.toml"),
        ({"/other/stackferry.toml": ALL}, "../../other/Dockerfile", "/other/stackferry.toml"),
        ({"/other/stackferry.toml": ALL}, "Dockerfile", ""),
        ({"/work/p/stackferry.toml": ALL}, "-", "stackferry.toml"),
        ({"/work/p/stackferry.toml": ALL, "/work/p/.hadolint.yaml": IGNORED}, "Dockerfile", "stackferry.toml"),
        ({"/work/p/a/stackferry.toml": ALL, "/work/p/.hadolint.yaml": IGNORED}, "Dockerfile", ".hadolint.yaml"),
        ({"/work/p/a/.hadolint.yaml": IGNORED}, "a/Dockerfile", ""),
        ({"/work/p/stackferry.toml": ""}, "Dockerfile", "stackferry.toml"),
    ],
)
def test_the_nearest_file_of_ours_counts(files, path, config):
    assert finder(files).for_file(path).path == config


def test_globs_are_relative_to_the_folder_of_the_file():
    found = finder({"/work/stackferry.toml": ALL}).for_file("Dockerfile")
    assert (found.folder, found.set) == ("/work", "all")


def test_each_file_is_read_once():
    read = Counted({"/work/p/stackferry.toml": ALL})
    found = ConfigFinder(read, CATALOGUE, cwd="/work/p", environment={})

    assert found.for_file("a/Dockerfile") is found.for_file("a/b/c/Dockerfile") is found.for_file("Dockerfile")
    assert len(read.reads) == len(set(read.reads))


def test_a_wrong_file_of_ours_is_an_error():
    with pytest.raises(SourceError, match=r"^a/stackferry\.toml:2:1: error\[unknown-key\]"):
        finder({"/work/p/a/stackferry.toml": "[lint]\nx = 1\n"}).for_file("a/Dockerfile")


def test_a_pyproject_of_somebody_else_is_not_even_parsed():
    assert finder({"/work/p/pyproject.toml": "this is [no TOML"}).for_file("Dockerfile") == Config()


def test_hadolints_variables_alone_ask_for_its_set():
    assert finder({}, HADOLINT_IGNORE="DL3008").for_file("x")._replace(severities={}) == Config(
        set="hadolint", fail_on="info", ignore=("DL3008",)
    )
    assert finder({}, HADOLINT_VERBOSE="1", HADOLINT_IGNORE="").for_file("x") == Config()
    assert finder({"/work/p/stackferry.toml": ALL}, HADOLINT_IGNORE="DL3008").for_file("x").ignore == ()


def test_a_named_file():
    files = {
        "/work/p/c.toml": ALL,
        "/work/p/x/pyproject.toml": "[project]\n",
        "/work/p/h.yaml": IGNORED,
        "/work/p/h": IGNORED,
        "/work/p/bad.toml": "[lint]\nx = 1\n",
    }
    named = finder(files).named

    assert (named("c.toml").set, named("c.toml").folder, named("c.toml").path) == ("all", "/work/p", "c.toml")
    assert named("h.yaml").set == named("/work/p/h").set == "hadolint"
    with pytest.raises(StackferryError, match=r"configuration file nothing\.toml not found"):
        named("nothing.toml")
    with pytest.raises(StackferryError, match=r"x/pyproject.toml has no table \[tool.stackferry.lint\]"):
        named("x/pyproject.toml")
    with pytest.raises(SourceError, match=r"^bad.toml:2:1"):
        named("bad.toml")


PLACES = [
    "w/.hadolint.yaml",
    "w/.hadolint.yml",
    "xdg/hadolint.yaml",
    "xdg/hadolint.yml",
    "home/.config/hadolint.yaml",
    "home/.config/hadolint.yml",
    "home/.hadolint/hadolint.yaml",
    "home/.hadolint/hadolint.yml",
    "home/.hadolint/config.yaml",
    "home/.hadolint/config.yml",
    "home/.hadolint.yaml",
    "home/.hadolint.yml",
]
NOWHERE = ["w/hadolint.yaml", "home/hadolint.yaml", "home/.config/.hadolint.yaml", "home/hadolint/config.yaml"]


def paths(folder: str, xdg: str | None) -> list[str]:
    environment = {"HOME": f"{folder}/home"} | ({} if xdg is None else {"XDG_CONFIG_HOME": xdg})
    return hadolint_paths(f"{folder}/w", environment)


def test_where_hadolint_looks():
    assert paths("", "/xdg") == [f"/{place}" for place in PLACES if "/.config/" not in place]
    without = [f"/{place}" for place in PLACES if not place.startswith("xdg/")]
    assert paths("", None) == paths("", "") == paths("", "relative") == without
    assert hadolint_paths("/w", {}) == ["/w/.hadolint.yaml", "/w/.hadolint.yml"]


@pytest.mark.real
@needs_hadolint
@pytest.mark.parametrize("xdg", [None, "", "relative", "@/xdg"])
def test_the_real_hadolint_looks_there_in_this_order(tmp_path, xdg):
    """Every file is there; the first is taken away again and again."""
    folder = str(tmp_path)
    for place in (*PLACES, *NOWHERE):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("ignored: []\n")
    (tmp_path / "w" / "Dockerfile").write_text("FROM debian:12\n")
    xdg = xdg and xdg.replace("@", folder)
    environment = {"HOME": f"{folder}/home", "PATH": os.defpath} | ({} if xdg is None else {"XDG_CONFIG_HOME": xdg})

    for expected in [*paths(folder, xdg), None]:
        done = subprocess.run(
            [HADOLINT, "-V", "Dockerfile"], cwd=tmp_path / "w", env=environment, capture_output=True, text=True
        )
        used = done.stderr.splitlines()[0]
        assert (f"used: {expected}" if expected else "No configuration was specified") in used
        if expected:
            os.unlink(expected)
