"""What is installed: one name in site-packages, whatever else lies there or in the user's folder."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PACKAGES = ("grammar", "translator", "emulator", "stackferry")

# Distributions of these names are on PyPI; and a project may well have a folder of such a name.
STRANGERS = ("grammar", "translator", "emulator")


def hatch(where: Path, target: str, to: Path) -> Path:
    """Build `target` ("wheel", "sdist") of the source tree at `where`, without asking the network."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(to)]
    subprocess.run(command, cwd=where, check=True, capture_output=True)
    return next(to.glob("*.whl" if target == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a release makes it: from the unpacked sdist."""
    folder = tmp_path_factory.mktemp("built")
    with tarfile.open(hatch(ROOT, "sdist", folder)) as archive:
        archive.extractall(folder / "source", filter="data")
    return hatch(next((folder / "source").iterdir()), "wheel", folder)


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the wheel, its dependencies, and three strangers that break whoever imports them."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    # A .pth in a folder that a .pth names is not read: the editable install of these tests stays out.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    add_strangers(site)
    return python


def add_strangers(folder: Path) -> None:
    for name in STRANGERS:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise SystemExit('imported by mistake')\n")


def test_it_has_one_name_and_every_file_once(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = [name for name in archive.namelist() if ".dist-info/" not in name]
        tops = {name.split("/")[0].removesuffix(".dist-info").split("-")[0] for name in archive.namelist()}
    kept = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGES],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    ours = {name for name in kept.stdout.splitlines() if not (ROOT / name).is_symlink()}
    for_tests = {name for name in ours if name.startswith("emulator/fake/")}

    assert tops == {"stackferry"}
    assert for_tests
    assert sorted(packed) == sorted(
        name if name.startswith("stackferry/") else f"stackferry/{name}"
        for name in ours - for_tests
        if (ROOT / name).exists()
    )


def test_a_checkout_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """`pip install .`, and pre-commit, build no sdist first; in a checkout there are the links."""
    with zipfile.ZipFile(wheel) as by_sdist, zipfile.ZipFile(hatch(ROOT, "wheel", tmp_path)) as straight:
        assert sorted(straight.namelist()) == sorted(by_sdist.namelist())


@pytest.mark.parametrize(
    "command", [["-m", "stackferry"], ["-P", "-m", "stackferry"]], ids=["folder first", "safe path"]
)
def test_strangers_of_the_old_names_do_no_harm(python: Path, command: list[str], tmp_path: Path) -> None:
    add_strangers(tmp_path)
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    for words in (["config", "--services"], ["convert", "--format", "tree"], ["plan", "--help"]):
        done = subprocess.run(
            [python, *command, *words], cwd=tmp_path, env={"PATH": os.defpath}, capture_output=True, text=True
        )

        assert (done.returncode, "imported by mistake" in done.stdout + done.stderr) == (0, False), done.stderr
        assert done.stdout


def test_what_runs_is_what_was_installed(python: Path, tmp_path: Path) -> None:
    code = "import stackferry.emulator, stackferry.grammar.compose as it; print(it.__file__)"
    done = subprocess.run([python, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)

    assert Path(done.stdout).is_relative_to(python.parent.parent)
