"""House rules that no linter checks: our own names, light imports, small files, everything documented."""

import ast
import io
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("grammar", "translator", "emulator", "stackferry")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
BESIDE = sorted(
    path for folder in ("benchmarks", "docs", "fixtures", "tests") for path in (ROOT / folder).rglob("*.py")
)
"""Tests, benchmarks and what makes pages: held to the rule of names as well."""

LARGEST = 15_000
LARGER = {
    # path: why it may be larger than LARGEST bytes
}

THIRD_PARTY = {
    # where: the only libraries that may be imported there; the longest match counts
    "grammar": {"lark", "yaml"},
    "translator": {"yaml"},
    "translator/cluster/": {"kubernetes", "urllib3", "yaml"},
    "emulator": set(),
    "emulator/engine/": {"docker"},
    "stackferry": {"typer", "yaml"},
}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_only_the_named_libraries_are_imported(path):
    where = max((one for one in THIRD_PARTY if relative(path).startswith(one)), key=len)
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])

    assert imported - set(sys.stdlib_module_names) - {"stackferry"} <= THIRD_PARTY[where]


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_a_file_is_small_and_says_what_it_is_for(path):
    text = path.read_text(encoding="utf-8")

    assert len(text.encode()) <= LARGEST or relative(path) in LARGER, "think hard: can it be two files?"
    assert ast.get_docstring(ast.parse(text)), "a file opens with what it is for"


def test_the_median_file_is_small():
    sizes = sorted(path.stat().st_size for path in SOURCES)

    assert sizes[len(sizes) // 2] <= 4_000


def test_what_may_be_larger_exists_and_is():
    assert [one for one in LARGER if (ROOT / one).stat().st_size <= LARGEST] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_are_typed(package):
    assert (ROOT / package / "py.typed").exists()


ACROSS = {
    # Tests of several modules together, which have no module's name.
    "grammar/compose/test_hints.py",
    "grammar/dockerfile/facts/test_hostile.py",
    "grammar/lint/rules/test_rules.py",
    "stackferry/commands/test_beside_compose.py",
    "stackferry/commands/test_containers.py",
    "stackferry/commands/test_changing.py",
    "stackferry/commands/test_events_engine.py",
    "stackferry/options/test_one_notation.py",
    "stackferry/standby/test_standby.py",
    "translator/test_anything.py",
    "translator/test_corpus.py",
    "translator/test_growth.py",
    "emulator/test_anything.py",
    "stackferry/lint/test_reports.py",
    "stackferry/render/findings/test_schemas.py",
    "emulator/test_init_containers.py",
    "emulator/test_likeness.py",
    "emulator/test_scenario.py",
    *(
        f"emulator/webnet/test_{name}.py"
        for name in (
            "clients",
            "gate_start",
            "ipv6",
            "networks",
            "loss",
            "plain",
            "refused",
            "size",
            "strays",
            "traffic",
        )
    ),
}
HARNESSES = {
    "shell",
    "buildkit",
    "cluster",
    "minikube",
    "likeness",
    "compose5",
    "cron",
    "conformance",
    "dockerfiles",
    "engine",
    "swarm",
    "tutorial",
    "fuzz",
    "simulation",
    "faults",
    "release",
}


def test_tests_mirror_the_packages():
    """Folders of tests are packages, or harnesses; a test file has the name of a module of its package."""
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} - {"__pycache__", ".hypothesis"}
    assert folders == {*PACKAGES, *HARNESSES}
    assert not list((ROOT / "tests").rglob("__init__.py"))

    found = {
        path.relative_to(ROOT / "tests")
        for package in PACKAGES
        for path in (ROOT / "tests" / package).rglob("test_*.py")
    }
    strangers = {str(one) for one in found if not _has_a_module(one)}
    assert strangers == ACROSS


def _has_a_module(test: Path) -> bool:
    module = ROOT / test.parent / test.stem.removeprefix("test_").removesuffix("_golden")
    return module.is_dir() or module.with_suffix(".py").exists()


GOLDEN = {
    # folder of cases: (the file that makes a folder a case, by name or glob; the files that tests write into it)
    "kubernetes": ("compose.yaml", {"expected.yaml", "explain.txt"}),
    "lint": ("*.Dockerfile", {"expected.txt"}),
    "local": ("compose.yaml", {"specs.txt", "bodies.json"}),
    "mistakes": ("*.yaml", {"expected.txt"}),
    "reports": ("judged.txt", {"expected.txt"}),
    "firings": ("looks.txt", {"decisions.txt"}),
    "webnet": ("gates.txt", {"gates.txt", "table.nft"}),
    "shell": ("script.sh", {"tree.txt"}),
}


@pytest.mark.parametrize("kind", GOLDEN)
def test_every_expected_file_has_a_case_and_every_case_has_them(kind):
    """A renamed or deleted case leaves no expected file behind that looks as if it were checked."""
    made_from, written = GOLDEN[kind]
    top = ROOT / "fixtures" / kind
    cases = {path for path in top.iterdir() if any(path.glob(made_from))}

    assert {path for path in top.iterdir() if path.is_dir()} == cases
    assert {path for path in top.rglob("*") if path.name in written} == {
        case / name for case in cases for name in written
    }


def test_every_golden_file_is_of_a_known_kind():
    """Whoever calls `golden` says here what the folder of cases looks like."""
    called = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "golden":
                called |= {one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)}

    assert called == set().union(*(written for _, written in GOLDEN.values()))


CONFIG_NEVER_IMPORTS = (
    "docker",
    "kubernetes",
    "rich",
    "pydantic",
    "jsonschema",
    "requests",
    "stackferry.translator",
    "stackferry.emulator",
    "stackferry.grammar.compose.model.model",
)


def imported(folder: Path, arguments: list[str]) -> set[str]:
    """The modules that are loaded after a command that finds nothing wrong."""
    script = (
        f"import sys; from stackferry.cli import main; code = main({arguments!r}); print(*sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.split())


def test_config_imports_nothing_it_does_not_need(tmp_path):
    """`config` is what editors and scripts call all the time: its start-up is guarded module by module."""
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    assert imported(tmp_path, ["config", "--quiet"]) & set(CONFIG_NEVER_IMPORTS) == set()


LINT_NEVER_IMPORTS = (
    *CONFIG_NEVER_IMPORTS,
    *("lark", "yaml", "dataclasses", "inspect", "pathlib", "subprocess", "tomllib", "argparse", "difflib"),
    *("typer.main", "typer.core", "typer.models", "typer.params", "typer._click.core", "typer._click.types"),
    *("stackferry.grammar.compose", "stackferry.root", "stackferry.verbs", "stackferry.lint.walk"),
)


def test_lint_imports_nothing_it_does_not_need(tmp_path):
    """Hooks start it for every commit: of typer it has the parser of options, of the house the linter."""
    (tmp_path / "Dockerfile").write_text("FROM debian:12\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")

    assert imported(tmp_path, ["lint", "--fail-on", "error", "Dockerfile"]) & set(LINT_NEVER_IMPORTS) == set()


@pytest.mark.slow
def test_generated_pages_are_up_to_date():
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"],
        env={"PYTHONPATH": str(ROOT), "PATH": os.defpath},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_is_documented():
    import typer

    from stackferry.root import app

    commands = [name for name, one in typer.main.get_command(app).commands.items() if not one.hidden]
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert commands
    assert [name for name in commands if f"## stackferry {name}\n" not in page] == []
    assert [name for name in commands if not re.search(rf"`(?:stackferry )?{name}`", readme)] == []


def test_one_module_touches_the_click_that_typer_carries() -> None:
    """It has no public name there, and may change with any release."""
    carried = "typer._" + "click"
    ours = ("stackferry/options/carried_click.py", "stackferry/options/light_typer.py")
    found = [relative(path) for path in SOURCES if carried in path.read_text(encoding="utf-8")]

    assert sorted(found) == sorted(ours)


def test_commands_are_declared_without_typer() -> None:
    """Loading it takes longer than most commands take (`options/declaration.py`)."""
    importing = re.compile(r"^\s*(?:import|from) typer\b", re.MULTILINE)
    found = [relative(path) for path in SOURCES if importing.search(path.read_text(encoding="utf-8"))]

    makers = ("carried_click", "declared", "for_typer", "question", "switches")
    assert sorted(found) == sorted(
        ["stackferry/errors.py", "stackferry/root.py", "stackferry/verbs.py"]
        + [f"stackferry/options/{name}.py" for name in makers]
    )


PRINTERS = ("stackferry/commands/", "stackferry/display/", "stackferry/session.py", "stackferry/errors.py")
"""Where the program writes to standard output and standard error."""
WRITE_THEMSELVES = {
    # path: what it does with the streams
    "stackferry/streams.py": "opens those that were closed",
    "emulator/manager/background.py": "flushes them before a fork",
    "stackferry/standby/held_output.py": "takes their place, and writes what was held",
    "stackferry/standby/server.py": "says why what was held cannot be written",
}
LOOKS = {"isatty", "fileno"}
"""What may be asked of a stream anywhere: nothing is written by it."""


def _writes(path: Path) -> Iterator[int]:
    """The lines that print, or do more with standard output or standard error than look at it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    looked_at = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in LOOKS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in looked_at:
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if (owner, node.attr.strip("_")) in {("sys", "stdout"), ("sys", "stderr")}:
                yield node.lineno
            if owner == "typer" and node.attr in ("echo", "secho"):
                yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module in ("sys", "typer"):
            taken = {alias.name.strip("_") for alias in node.names} & {"stdout", "stderr", "echo", "secho"}
            yield from (node.lineno for _ in taken)
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            descriptor = node.args[0] if node.args else None
            is_standard = isinstance(descriptor, ast.Constant) and descriptor.value in (1, 2)
            if name == "print" or (name in ("os.write", "os.writev", "os.fdopen", "open") and is_standard):
                yield node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_only_commands_and_displays_print(path: Path) -> None:
    """Whatever stands below them gives values back, or passes on through `display/output.py`."""
    if relative(path).startswith(PRINTERS) or relative(path) in WRITE_THEMSELVES:
        return
    assert list(_writes(path)) == []


@pytest.mark.parametrize(
    "text",
    [
        "print(1)",
        "sys.stdout.write('')",
        "sys.stderr.buffer.write(b'')",
        "sys.__stdout__.flush()",
        "out = sys.stderr",
        "from sys import stdout",
        "os.write(1, b'')",
        "open(2, 'w')",
        "typer.echo('')",
    ],
)
def test_each_way_to_print_is_seen(text: str, tmp_path: Path) -> None:
    (tmp_path / "some.py").write_text(f"import os, sys, typer\nsys.stdout.isatty()\n{text}\n")

    assert list(_writes(tmp_path / "some.py")) == [3]


PLAIN = "one"
"""A name that says nothing. In a comprehension, or a lambda, what it stands for is in the same line."""


def _plain_names(path: Path) -> Iterator[int]:
    """The lines in which a variable or a parameter is called so."""

    def lines(node: ast.AST) -> Iterator[int]:
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
            return
        if isinstance(node, ast.Name) and node.id == PLAIN and isinstance(node.ctx, ast.Store):
            yield node.lineno
        if isinstance(node, ast.arg) and node.arg == PLAIN:
            yield node.lineno
        if isinstance(node, ast.ExceptHandler) and node.name == PLAIN:
            yield node.lineno
        for child in ast.iter_child_nodes(node):
            yield from lines(child)

    return lines(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", [*SOURCES, *BESIDE], ids=relative)
def test_variables_are_named_by_what_they_hold(path: Path) -> None:
    assert list(_plain_names(path)) == []


NAMED_FILE = re.compile(r"(?<![\w./*{}-])((?:[\w.-]+/)*[a-z_0-9]+\.py)\b")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def prose() -> Iterator[tuple[str, str]]:
    """(where, text): pages, fragments of the changelog, and every docstring and comment of ours."""
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")):
        # A block of code may well make a file of its own.
        yield relative(path), FENCED.sub("", path.read_text(encoding="utf-8"))
    tests = (ROOT / "tests").rglob("*.py")
    for path in (*SOURCES, *tests, *(ROOT / "benchmarks").glob("*.py"), *(ROOT / "docs").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        yield relative(path), "\n".join(_told(text))


def _told(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


@pytest.mark.slow
def test_every_file_that_is_named_exists():
    """A docstring or page that sends its reader to a file means a file that is there."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    there = [f"/{name}" for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    absent = {
        f"{where}: {name}"
        for where, text in prose()
        for name in NAMED_FILE.findall(text)
        if not any(path.endswith(f"/{name.removeprefix('../')}") for path in there)
    }

    assert sorted(absent) == []
