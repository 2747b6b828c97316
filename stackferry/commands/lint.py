"""`stackferry lint`: Dockerfiles against the rules of hadolint and of BuildKit, and our own.

Hooks and editors start it all the time: its options are a table (`options/option_table.py`), and it imports what they
ask for.
"""

import sys

from stackferry.errors import WrongUsageError
from stackferry.grammar.lint.config.config import FAIL_ON
from stackferry.grammar.lint.finding import SEVERITIES
from stackferry.grammar.lint.terms import SETS
from stackferry.options.option_table import Arguments, Option, Verb
from stackferry.render.findings.formats import NAMES
from stackferry.session import Colour, Session

PATHS = Arguments(
    "paths",
    "[PATH]...",
    "Dockerfiles, folders with some, compose files that name or hold some; - is standard input. By default the "
    "folder you are in.",
)


def _instead(*words: str, then: str, switch: bool = False) -> Option:
    return Option(
        f"no_{words[-1].strip('-').replace('-', '_')}", words, "", many=not switch, switch=switch, instead=then
    )


OPTIONS = (
    Option(
        "format_",
        ("-f", "--format"),
        "text: a line for each finding; full: with the source line and what to do; json, sarif, checkstyle, gitlab, "
        "junit, github, codeclimate, sonarqube, gnu, codacy: for programs.",
        "FORMAT",
        choices=NAMES,
    ),
    Option(
        "set_",
        ("--set",),
        "Set of rules to start from. Default: recommended, or what the configuration says.",
        choices=SETS,
    ),
    Option(
        "select", ("--select",), "Add rules: a code (DL3008), a prefix (DL3), a set, or own.", "RULE,...", many=True
    ),
    Option("ignore", ("--ignore",), "Leave out rules, named in the same way.", "RULE,...", many=True),
    Option("fail_on", ("--fail-on",), "Lowest severity of findings that makes the exit code 1.", choices=FAIL_ON),
    Option("config", ("-c", "--config"), "Configuration file, stackferry's or hadolint's.", "FILE"),
    Option("no_config", ("--no-config",), "Read no configuration file.", switch=True),
    Option("stdin_filename", ("--stdin-filename",), "File name to use for standard input.", "PATH"),
    Option("explain", ("--explain",), "Explain a rule; lint nothing.", "RULE"),
    Option("rules", ("--rules",), "List all rules; lint nothing.", switch=True),
    Option(
        "since",
        ("--since",),
        "With --rules: only rules that were added after a release or a month (2026.12).",
        "VERSION",
    ),
    Option(
        "migrate",
        ("--migrate",),
        "Print hadolint's configuration as stackferry's; with --set, also what that set changes.",
        switch=True,
    ),
    Option(
        "color",
        ("--color",),
        "When to use colours; auto: on a terminal, unless NO_COLOR is set.",
        choices=("auto", "always", "never"),
    ),
    # What hadolint's users may type.
    _instead("-t", "--failure-threshold", then="use --fail-on"),
    _instead("--no-fail", then="use --fail-on never", switch=True),
    _instead("--no-color", then="use --color never", switch=True),
    _instead("-o", "--output", then="redirect standard output: > FILE"),
    _instead("--file-path-in-report", then="use --stdin-filename with standard input"),
    _instead("--trusted-registry", then="write trusted-registries into a configuration"),
    _instead("--require-label", then="write label-schema into a configuration"),
    _instead("--strict-labels", then="write strict-labels = true into a configuration", switch=True),
    _instead("--disable-ignore-pragma", then="write pragmas = false into a configuration", switch=True),
    *(
        _instead(f"--{severity}", then=f'write RULE = "{severity}" below [lint.severity] into a configuration')
        for severity in SEVERITIES
    ),
)


def lint(
    session: Session,
    *,
    paths: tuple[str, ...],
    format_: str | None,
    set_: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    config: str | None,
    no_config: bool,
    stdin_filename: str | None,
    explain: str | None,
    rules: bool,
    since: str | None,
    migrate: bool,
    color: Colour | None,
) -> int:
    """Lint Dockerfiles.

    The rules have the ids of hadolint, of ShellCheck and of `docker build --check`; comments of all three that
    silence a rule are heeded, and so is a .hadolint.yaml.

    The exit code is 1 if something is a warning or worse, 2 if the configuration is wrong.
    """
    session.machine = format_ == "json"
    session.colour = color or session.colour
    if since is not None and not rules:
        raise WrongUsageError("use --since only with --rules", "add --rules")
    if config is not None and no_config:
        raise WrongUsageError("--config and --no-config cannot be used together", "remove one of them")
    if explain is not None or rules:
        from stackferry.lint.about import explained, rules_listed

        sys.stdout.write(explained(explain) if explain is not None else rules_listed(since, session))
        return 0
    from stackferry.lint.request import Request

    default = "-" if stdin_filename is not None else "."
    request = Request(
        paths=paths or (default,),
        stdin_filename=stdin_filename,
        format=format_,
        set=set_,
        select=select,
        ignore=ignore,
        fail_on=fail_on,
        config=config,
        no_config=no_config,
    )
    if migrate:
        from stackferry.lint.migrate import migration

        migrated = migration(request, session)
        sys.stdout.write(migrated.text)
        for note in migrated.notes:
            session.note(note)
        return migrated.code
    from stackferry.lint.run import run

    verdict = run(request, session)
    sys.stdout.write(verdict.text)
    if sys.stderr.isatty() and not session.machine:
        from stackferry.lint.summary import summary

        session.note(summary(verdict.results))
    return verdict.code


VERB = Verb(lint, PATHS, OPTIONS)
