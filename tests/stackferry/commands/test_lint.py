"""`stackferry lint`."""

import io
import json
import os
import subprocess
import sys
import tomllib

import pytest

CLEAN = "FROM debian:12\n"
BROKEN = "FROM debian:12\nFOO bar\n"
FOUND = "2:1: error[unknown-instruction]: unknown instruction: FOO\n"


@pytest.fixture
def shop(here, monkeypatch):
    """A function that writes files; nothing outside of the folder steers the linter."""
    monkeypatch.setenv("HOME", str(here.parent / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in [name for name in os.environ if name.startswith("HADOLINT_")]:
        monkeypatch.delenv(name)

    def write(files):
        for path, text in files.items():
            (here / path).parent.mkdir(parents=True, exist_ok=True)
            (here / path).write_text(text)
        return here

    return write


def test_nothing_found_is_nothing_said(shop, stackferry):
    shop({"Dockerfile": CLEAN})

    assert stackferry("lint", "Dockerfile") == (0, "", "")


def test_a_finding(shop, stackferry):
    shop({"Dockerfile": BROKEN})

    assert stackferry("lint", "Dockerfile") == (1, f"Dockerfile:{FOUND}", "")


def test_full(shop, stackferry):
    shop({"Dockerfile": BROKEN})
    outcome = stackferry("lint", "--format", "full", "Dockerfile")

    assert outcome.out.splitlines()[1:3] == ["    2 | FOO bar", "      | ^"]
    assert outcome.out.splitlines()[3].startswith("  hint: ")


def test_paths_as_given_in_the_order_given(shop, stackferry, here):
    shop({"b/Dockerfile": BROKEN, "a/Dockerfile": BROKEN})
    paths = ("b/Dockerfile", "./a/Dockerfile", f"{here}/b/../a/Dockerfile", "b/Dockerfile")

    assert stackferry("lint", *paths).out == f"b/Dockerfile:{FOUND}./a/Dockerfile:{FOUND}"


def test_folders(shop, stackferry):
    shop({"x/b/Dockerfile": BROKEN, "x/.a/web.dockerfile": BROKEN, "x/gen/Dockerfile": BROKEN, "x/.gitignore": "gen\n"})

    assert stackferry("lint", "x").out == f"x/.a/web.dockerfile:{FOUND}x/b/Dockerfile:{FOUND}"
    assert stackferry("lint", "x", "x/gen/Dockerfile").out.endswith(f"x/gen/Dockerfile:{FOUND}")


def test_a_folder_without_any(shop, stackferry):
    shop({"x/notes.txt": ""})

    assert stackferry("lint", "x") == (0, "", "no Dockerfile found in x\n")


def test_the_folder_you_are_in(shop, stackferry):
    shop({"Dockerfile": BROKEN})

    assert stackferry("lint") == stackferry("lint", ".") == (1, f"Dockerfile:{FOUND}", "")


def test_an_argument_is_a_path_whatever_its_name(shop, stackferry):
    shop(dict.fromkeys(("rules", "explain", "DL3008", "-f", "help"), BROKEN))

    assert stackferry("lint", "rules", "explain", "DL3008", "help", "--", "-f").out == "".join(
        f"{name}:{FOUND}" for name in ("rules", "explain", "DL3008", "help", "-f")
    )


@pytest.mark.parametrize("name", ["Dockerfile.j2", ".dockerignore", "Dockerfile.dockerignore", "x.tmpl"])
def test_what_is_no_dockerfile_is_skipped_with_a_note(shop, stackferry, name):
    shop({name: "{{ x }}\n"})
    outcome = stackferry("lint", name)

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.startswith(f"{name} is skipped: ")


def test_a_template_in_a_folder_too(shop, stackferry):
    shop({"x/Dockerfile.j2": "{{ x }}\n", "x/.dockerignore": "*\n"})

    assert stackferry("lint", "x").err == "x/Dockerfile.j2 is skipped: a template: lint its output instead\n"


def test_a_script(shop, stackferry):
    shop({"lint-dockerfile": "#!/bin/sh\nhadolint\n"})

    assert stackferry("lint", "lint-dockerfile") == (
        0,
        "",
        "lint-dockerfile is skipped: not a Dockerfile: its first instruction is neither FROM nor ARG\n",
    )


def test_one_that_is_missing_silences_no_other(shop, stackferry):
    shop({"Dockerfile": BROKEN, "d/x": ""})

    assert stackferry("lint", "gone", "Dockerfile") == (
        1,
        f"Dockerfile:{FOUND}",
        "error: gone: No such file or directory\n",
    )
    assert stackferry("lint", "gone", "--fail-on", "never").code == 1


def test_what_is_no_file(shop, stackferry, here):
    shop({"Dockerfile": CLEAN})
    os.mkfifo(here / "pipe")

    assert stackferry("lint", "pipe", "Dockerfile") == (1, "", "error: pipe: not a regular file\n")


def test_any_bytes(shop, stackferry, here):
    shop({})
    (here / "Dockerfile").write_bytes(b"\xef\xbb\xbfFROM a:1\r\n\xff\x00\xfe\x1b[31m b\r\n")

    outcome = subprocess.run(
        [sys.executable, "-m", "stackferry", "lint", "Dockerfile"], capture_output=True, env=os.environ, cwd=here
    )
    assert outcome.returncode == 1
    assert outcome.stdout.startswith(b"Dockerfile:2:1: error[unknown-instruction]: ")
    assert b"\x1b" not in outcome.stdout
    for name in ("json", "sarif", "checkstyle", "junit", "gitlab"):
        stackferry("lint", "-f", name, "Dockerfile").out.encode()


@pytest.fixture
def stdin(monkeypatch):
    def give(text):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    return give


def test_standard_input(shop, stackferry, stdin):
    shop({})
    stdin(BROKEN)
    assert stackferry("lint", "-") == (1, f"-:{FOUND}", "")
    stdin(BROKEN)
    assert stackferry("lint", "--stdin-filename", "web/Dockerfile", "-").out == f"web/Dockerfile:{FOUND}"
    stdin(BROKEN)
    assert stackferry("lint", "--stdin-filename", "web/Dockerfile").out == f"web/Dockerfile:{FOUND}"
    stdin(BROKEN)
    assert "    2 | FOO bar" in stackferry("lint", "-f", "full", "-").out


def test_standard_input_by_its_name(shop, stackferry, stdin):
    shop({"web/stackferry.toml": '[lint]\nignore = ["unknown-instruction"]\n'})
    stdin(BROKEN)
    assert stackferry("lint", "--stdin-filename", "web/Dockerfile", "-") == (0, "", "")
    stdin(BROKEN)
    assert "is skipped" in stackferry("lint", "--stdin-filename", "Dockerfile.j2", "-").err


def test_a_compose_file(shop, stackferry):
    shop(
        {
            "deep/compose.yaml": "services:\n  web: {build: {context: ., dockerfile: x.df}}\n  db:\n    build:\n"
            "      dockerfile_inline: |\n        FROM a:1\n        FOO b\n  gone: {build: nowhere}\n",
            "deep/x.df": BROKEN,
            "Dockerfile": BROKEN,
        }
    )

    outcome = stackferry("lint", "deep/compose.yaml", "Dockerfile")
    assert outcome.code == 1
    assert outcome.out == (
        "deep/compose.yaml:7:9: error[unknown-instruction]: unknown instruction: FOO\n"
        f"deep/x.df:{FOUND}Dockerfile:{FOUND}"
    )
    assert outcome.err == (
        "deep/compose.yaml:8:17: error[missing-dockerfile]: services.gone.build: Dockerfile"
        " deep/nowhere/Dockerfile not found\n    8 |   gone: {build: nowhere}\n      |               "
        "  ^\n"
    )


def test_the_line_of_a_compose_file_is_shown(shop, stackferry):
    shop(
        {"compose.yaml": "services:\n  db:\n    build:\n      dockerfile_inline: |\n        FROM a:1\n        FOO b\n"}
    )

    assert "    6 |         FOO b\n      |         ^\n" in stackferry("lint", "-f", "full", "compose.yaml").out


def test_a_broken_compose_file_is_one_error(shop, stackferry):
    shop({"compose.yaml": "services: [\n", "Dockerfile": BROKEN})
    outcome = stackferry("lint", "compose.yaml", "Dockerfile")

    assert (outcome.code, outcome.out) == (1, f"Dockerfile:{FOUND}")
    assert outcome.err.count("error[") == 1
    assert outcome.err.startswith("compose.yaml:")


COPIES = "FROM debian:12\nCOPY notes.txt /\nCOPY x.log /\n"
IGNORED = ("lint", "--set", "none", "--select", "CopyIgnoredFile")


def test_the_context_is_the_folder_of_the_dockerfile(shop, stackferry, stdin):
    shop({"a/Dockerfile": COPIES, "a/.dockerignore": "*.txt\n", ".dockerignore": "*\n", "Dockerfile.x": COPIES})

    assert [line[:14] for line in stackferry(*IGNORED, "a/Dockerfile").out.splitlines()] == ["a/Dockerfile:2"]
    assert len(stackferry(*IGNORED, "Dockerfile.x").out.splitlines()) == 2
    stdin(COPIES)
    assert stackferry(*IGNORED, "--stdin-filename", "a/Dockerfile").out.startswith("a/Dockerfile:2:6: ")
    stdin(COPIES)
    assert stackferry(*IGNORED, "-").out == ""


def test_a_dockerfile_may_have_a_dockerignore_of_its_own(shop, stackferry):
    shop({"Dockerfile": COPIES, ".dockerignore": "*.txt\n", "Dockerfile.dockerignore": "*.log\n"})

    assert stackferry(*IGNORED, "Dockerfile").out.startswith("Dockerfile:3:6: ")


def test_the_context_of_a_compose_file(shop, stackferry):
    inline = f"dockerfile_inline: {json.dumps(COPIES)}"
    shop(
        {
            "compose.yaml": "services:\n  a: {build: {context: ctx, dockerfile: ../a.df}}\n"
            f"  b: {{build: {{context: ctx, {inline}}}}}\n  c: {{build: {{context: 'https://x.y/z.git', {inline}}}}}\n",
            "a.df": COPIES,
            "ctx/.dockerignore": "*.log\n",
            ".dockerignore": "*\n",
        }
    )

    assert [line.split(": ")[0] for line in stackferry(*IGNORED, "compose.yaml").out.splitlines()] == [
        "a.df:3:6",
        "compose.yaml:3:48",
    ]


def test_findings_in_a_compose_file_stand_together(shop, stackferry):
    inline = "    build:\n      dockerfile_inline: |\n        FROM a:1\n        FOO b\n"
    shop({"compose.yaml": f"services:\n  a:\n{inline}  b: {{build: .}}\n  c:\n{inline}", "Dockerfile": BROKEN})

    found = json.loads(stackferry("lint", "-f", "json", "compose.yaml").out)
    assert [(one["file"], one["line"]) for one in found] == [
        ("compose.yaml", 6),
        ("compose.yaml", 12),
        ("Dockerfile", 2),
    ]
    assert stackferry("lint", "-f", "junit", "compose.yaml").out.count("<failure ") == 3


def test_json_goes_with_json(shop, stackferry):
    shop({"Dockerfile": BROKEN})
    outcome = stackferry("lint", "--format", "json", "gone", "Dockerfile", "x.j2")

    assert [(one["file"], one["line"], one["code"]) for one in json.loads(outcome.out)] == [
        ("Dockerfile", 2, "unknown-instruction")
    ]
    assert [one["severity"] for one in json.loads(outcome.err)] == ["error", "info"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 1),
        (("--fail-on", "error"), 1),
        (("--fail-on", "never"), 0),
        (("--ignore", "unknown-instruction"), 0),
        (("--ignore", "unused-pragma,unknown-instruction"), 0),
        (("--ignore", "unused-pragma", "--ignore=unknown-instruction"), 0),
        (("--set", "none"), 1),
        (("--no-config",), 1),
    ],
)
def test_the_exit_code(shop, stackferry, options, code):
    shop({"Dockerfile": BROKEN})

    assert stackferry("lint", "Dockerfile", *options).code == code


@pytest.fixture
def catalogue(monkeypatch):
    """A catalogue with a rule of each severity, which speaks of the first line, whatever else there is by now."""
    from stackferry.grammar.lint import catalogue as module
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rule import Rule

    severities = {"DL3004": "error", "DL3008": "warning", "DL3009": "info", "DL3048": "style"}
    rules = [Rule(name, severity, f"About {name}", ("recommended",)) for name, severity in severities.items()]
    listed = [module.Listed(rule, "a.room") for rule in rules] + [module.Listed(rule, "") for rule in module.PROBLEMS]
    made = module.Catalogue(listed)
    monkeypatch.setattr(module.Catalogue, "check", lambda self, name: lambda file, settings: [Hit(0, 4, f"by {name}")])
    monkeypatch.setattr("stackferry.lint.run.catalogue", lambda: made)
    return made


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--fail-on", "style"), 1),
        (("--fail-on", "info", "--ignore", "DL3004,DL3008"), 1),
        (("--ignore", "DL3004,DL3008"), 0),
        (("--ignore", "DL3004"), 1),
        (("--ignore", "DL3", "--fail-on", "style"), 0),
        (("--ignore", "DL3", "--select", "DL3008"), 1),
    ],
)
def test_from_a_warning_up(shop, stackferry, catalogue, options, code):
    shop({"Dockerfile": CLEAN})

    assert stackferry("lint", "Dockerfile", *options).code == code


def test_severities_are_shown(shop, stackferry, catalogue):
    shop({"Dockerfile": CLEAN})

    assert stackferry("lint", "Dockerfile", "--fail-on", "never").out.splitlines() == [
        "Dockerfile:1:1: error[DL3004]: by DL3004",
        "Dockerfile:1:1: warning[DL3008]: by DL3008",
        "Dockerfile:1:1: info[DL3009]: by DL3009",
        "Dockerfile:1:1: style[DL3048]: by DL3048",
    ]


def test_a_bug_in_a_rule_is_a_finding_and_exit_code_3(shop, stackferry, catalogue, monkeypatch):
    monkeypatch.setattr(type(catalogue), "check", lambda self, name: 1 / 0)
    shop({"Dockerfile": BROKEN})
    outcome = stackferry("lint", "Dockerfile", "--fail-on", "never")

    assert outcome.code == 3
    assert "error[internal-error]" in outcome.out
    assert FOUND in outcome.out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--select", "DL3OO8"), "error: --select: 'DL3OO8' is not a rule"),
        (("--ignore", "nonsense"), "error: --ignore: 'nonsense' is not a rule"),
        (("--config", "gone.toml"), "error: configuration file gone.toml not found"),
        (("--explain", "DL9999"), "error: --explain: no such rule: DL9999"),
        (("--rules", "--since", "soon"), "error: --since soon: "),
        (("--config", "x.toml", "--no-config"), "error: --config and --no-config"),
        (("--since", "1.0.0"), "error: use --since only with --rules"),
        (("--format", "xml"), "Invalid value for '-f' / '--format'"),
        (("--nope",), "No such option: --nope"),
        (("--failure-threshold", "error"), "--fail-on"),
    ],
)
def test_wrong_usage(shop, stackferry, options, told):
    shop({"Dockerfile": BROKEN})
    outcome = stackferry("lint", "Dockerfile", *options)

    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err


def test_a_configuration_that_is_wrong(shop, stackferry):
    """It silences what it is for, and nothing else."""
    shop({"a/stackferry.toml": "[lint]\nselct = []\n", "a/Dockerfile": BROKEN, "b/Dockerfile": BROKEN})
    outcome = stackferry("lint", "a/Dockerfile", "b/Dockerfile")

    assert (outcome.code, outcome.out) == (2, f"b/Dockerfile:{FOUND}")
    assert outcome.err.startswith("a/stackferry.toml:2:1: error[unknown-key]: ")
    assert outcome.err.count("error[") == 1


@pytest.mark.parametrize("name", ["pyproject.toml", "stackferry.toml"])
def test_the_configuration_above_a_file(shop, stackferry, name):
    shop({name: '[tool.stackferry.lint]\nignore = ["unknown-instruction"]\n', "a/b/Dockerfile": BROKEN})

    assert stackferry("lint", "a/b/Dockerfile") == (0, "", "")
    assert stackferry("lint", "--no-config", "a/b/Dockerfile").code == 1


def test_a_configuration_that_no_file_needs_is_checked_too(shop, stackferry):
    shop({"x/notes.txt": "", "wrong.toml": "[lint]\nset = 1\n"})

    assert stackferry("lint", "-c", "gone.toml", "x").code == 2
    assert stackferry("lint", "-c", "wrong.toml", "x").err.startswith("wrong.toml:2:1: error[wrong-type]")
    assert stackferry("lint", "-c", "wrong.toml", "x").code == 2


def test_per_file_ignores(shop, stackferry):
    shop(
        {
            "stackferry.toml": '[lint.per-file-ignores]\n"a/**" = ["unknown-instruction"]\n',
            "a/Dockerfile": BROKEN,
            "b/Dockerfile": BROKEN,
        }
    )

    assert stackferry("lint", "a", "b").out == f"b/Dockerfile:{FOUND}"


def test_hadolints_configuration(shop, stackferry):
    shop({".hadolint.yaml": "format: json\nno-fail: true\nignord: [x]\n", "a/Dockerfile": BROKEN})
    outcome = stackferry("lint", "a/Dockerfile")

    assert outcome.code == 0
    assert [one["code"] for one in json.loads(outcome.out)] == ["unknown-instruction"]
    assert outcome.err.startswith(".hadolint.yaml:3:1: warning[unknown-key]: ")
    assert stackferry("lint", "--format", "text", "a/Dockerfile").out == f"a/Dockerfile:{FOUND}"


@pytest.mark.parametrize("name", ["x.yaml", "x.toml"])
def test_a_configuration_that_is_named(shop, stackferry, name):
    shop({"x.yaml": "no-fail: true\n", "x.toml": '[lint]\nfail-on = "never"\n', "Dockerfile": BROKEN})

    assert stackferry("lint", "-c", name, "Dockerfile").code == 0
    assert stackferry("lint", "-c", name, "--fail-on", "error", "Dockerfile").code == 1


def test_hadolints_names_of_formats(shop, stackferry):
    shop({"Dockerfile": BROKEN})

    assert stackferry("lint", "-f", "tty", "Dockerfile") == stackferry("lint", "Dockerfile")
    assert stackferry("lint", "-f", "gitlab_codeclimate", "Dockerfile") == stackferry("lint", "-fgitlab", "Dockerfile")


def test_pragmas(shop, stackferry):
    shop({"Dockerfile": "FROM debian:12\n# hadolint ignore=unknown-instruction\nFOO bar\n"})

    assert stackferry("lint", "Dockerfile") == (0, "", "")


def test_colours(shop, stackferry, monkeypatch):
    shop({"Dockerfile": BROKEN})

    assert "\033[" in stackferry("lint", "--color", "always", "Dockerfile").out
    assert "\033[" in stackferry("--color", "always", "lint", "Dockerfile").out
    assert "\033[" not in stackferry("lint", "Dockerfile").out


def test_a_summary_for_somebody_who_looks_on(shop, here):
    """On a terminal, and there on standard error."""
    shop({"Dockerfile": BROKEN, "b.dockerfile": CLEAN})
    master, slave = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "stackferry", "lint"], stdout=subprocess.PIPE, stderr=slave, text=True, cwd=here
    )
    os.close(slave)

    assert (done.returncode, done.stdout) == (1, f"Dockerfile:{FOUND}")
    assert os.read(master, 1000).decode().strip() == "1 error in 1 of 2 files"
    os.close(master)


def test_explain(stackferry):
    outcome = stackferry("lint", "--explain", "unused-pragma")

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("unused-pragma: ")
    assert "Remove the id" in outcome.out


def test_rules(stackferry):
    listed = stackferry("lint", "--rules")
    as_json = json.loads(stackferry("lint", "--rules", "--format", "json").out)

    assert listed.code == 0
    assert len(listed.out.splitlines()) == len(as_json) + 1
    assert {"id", "severity", "summary", "sets", "aliases", "since"} == set(as_json[0])
    assert stackferry("lint", "--rules", "--since", "99.0.0").out.count("\n") == 1


HADOLINT = "# why\nignored:\n  - DL3008  # pins\nfailure-threshold: error\nformat: json\n"


def test_migrate(shop, stackferry):
    shop({".hadolint.yaml": HADOLINT, "x/Dockerfile": BROKEN})
    outcome = stackferry("lint", "--migrate")

    assert outcome.code == 0
    assert tomllib.loads(outcome.out)["tool"]["stackferry"]["lint"] == {
        "set": "hadolint",
        "fail-on": "error",
        "ignore": ["DL3008"],
    }
    assert "# pins" in outcome.out
    assert "pass --format json" in outcome.err
    assert "changes" not in outcome.err


def test_migrate_to_another_set(shop, stackferry):
    shop({".hadolint.yaml": HADOLINT, "x/Dockerfile": "FROM debian:12\n# hadolint ignore=DL9999\nUSER 1\n"})
    outcome = stackferry("lint", "--migrate", "--set", "recommended", "x")

    assert outcome.code == 0
    assert 'set = "recommended"' in outcome.out
    assert outcome.err.endswith(
        "the set recommended changes this for these Dockerfiles:\n  unknown-pragma-id: nothing -> 1 warning\n"
    )


def test_what_is_migrated(shop, stackferry):
    shop({"x/y.yaml": "ignored: [DL3009]\n", "broken.yaml": "ignored: 1\n"})

    assert '"DL3009"' in stackferry("lint", "--migrate", "-c", "x/y.yaml").out
    assert stackferry("lint", "--migrate").code == 2
    assert stackferry("lint", "--migrate", "-c", "gone.yaml").err.startswith(
        "error: configuration file gone.yaml not found"
    )
    assert stackferry("lint", "--migrate", "-c", "broken.yaml").err.startswith("broken.yaml:1:10: error[")
    assert stackferry("lint", "--migrate", "-c", "broken.yaml").code == 2


@pytest.mark.parametrize("options", [["--select", "DL3008", "-q"], ["--hlp"]])
def test_a_mistake_is_told_as_by_every_command(stackferry, options):
    outcome = stackferry("lint", *options)

    assert outcome.code == 2
    assert outcome.err.startswith("Usage: stackferry lint [OPTIONS] [PATH]...\n")


def test_global_options_may_stand_before(shop, stackferry):
    shop({"Dockerfile": BROKEN})

    assert stackferry("--ansi", "never", "lint", "Dockerfile") == (1, f"Dockerfile:{FOUND}", "")


def test_a_reader_that_goes_away(shop, here):
    shop({"Dockerfile": "FROM a:1\n" + "FOO\n" * 20_000})
    command = f"{sys.executable} -m stackferry lint Dockerfile | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=here)

    assert done.stderr == ""
    assert done.stdout == f"Dockerfile:{FOUND}"
