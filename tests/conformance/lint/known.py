"""Our linter's deliberate differences from its peers. The only table, from which `docs/lint-differences.md` is made."""

import re

from tests.conformance.lint.found import Found
from tests.conformance.lint.known_security import SECURITY
from tests.conformance.lint.meant import (
    BUILDKIT,
    CHECKOV,
    HADOLINT,
    ONLY_THEY,
    ONLY_WE,
    VERDICT,
    Known,
    Where,
    file_has,
    instruction_has,
    message_has,
)

__all__ = [
    "BUILDKIT",
    "CHECKOV",
    "HADOLINT",
    "KNOWN",
    "ONLY_THEY",
    "ONLY_WE",
    "VERDICT",
    "Known",
    "Where",
    "known",
    "page",
]

KNOWN: tuple[Known, ...] = (
    Known(
        HADOLINT,
        r"DL\d+",
        ONLY_THEY,
        "The instruction is invalid, which we report instead; other findings in it show once it is corrected.",
        "CMD [1]",
        applies=lambda found, where: where.refused,
    ),
    Known(
        HADOLINT,
        r"DL\d+",
        ONLY_THEY,
        "BuildKit's `# check=skip=` applies in every set of rules.",
        "# check=skip=MaintainerDeprecated\nFROM debian:12\nMAINTAINER me",
        applies=file_has(r"^\s*#\s*check\s*=.*skip"),
    ),
    Known(
        HADOLINT,
        "DL302[01]",
        ONLY_THEY,
        "A quote is not closed, so no build accepts it: invalid-expansion reports it, a rule outside hadolint's set.",
        'COPY a b "c',
        applies=instruction_has(r"""^[^"']*(["'])(?:(?!\1).)*$"""),
    ),
    Known(
        HADOLINT,
        "DL3025",
        ONLY_THEY,
        "This is a valid exec form: BuildKit reads every JSON escape in its strings.",
        'CMD ["a\\\\"]',
        applies=instruction_has(r"\[.*\\"),
    ),
    *(
        Known(
            HADOLINT,
            r"DL\d+",
            side,
            "hadolint takes unknown flags of RUN, such as `--device`, for the program.",
            "RUN make\nRUN --device=vendor.com/gpu make\nRUN --device=vendor.com/gpu sudo make",
            applies=file_has(r"^\s*(ONBUILD\s+)?RUN\s+(\\\s+)*(--\S+\s+)*--(?!mount=|network=|security=|\s)"),
        )
        for side in (ONLY_THEY, ONLY_WE)
    ),
    Known(
        HADOLINT,
        r"DL\d+",
        ONLY_WE,
        "hadolint does not read scripts with a carriage return within a line or a backslash at the end of the file.",
        "RUN sudo make \\",
        applies=file_has(r"\r(?!\n)|\\\s*\Z"),
    ),
    Known(
        HADOLINT,
        "DL300[67]",
        ONLY_WE,
        "The image name is in an ARG with a known default, which we check.",
        "ARG BASE=python\nFROM ${BASE}",
        ("hadolint #339", "hadolint #1078"),
        instruction_has(r"\$"),
    ),
    Known(
        HADOLINT,
        "DL3064",
        ONLY_THEY,
        "The name contains a suspicious word but belongs to a file, an alias, a user, or something public.",
        "ENV AWS_WEB_IDENTITY_TOKEN_FILE=/run/token",
        ("hadolint #1245", "buildkit #5775"),
        instruction_has(r"GOPRIVATE|public|_(file|path|alias|name|id|version)\b|\w+name\b|travis"),
    ),
    Known(
        HADOLINT,
        "SC2154",
        ONLY_THEY,
        "An ARG with several names defines all of them.",
        'ARG one=1 two=2\nRUN echo "$two"',
        ("hadolint #885",),
        file_has(r"^\s*ARG\s+\S+\s+(\\\s+)?\S"),
    ),
    Known(
        HADOLINT,
        "SC2239",
        ONLY_THEY,
        "It is about a first line that hadolint itself makes, from a comment that names the shell without its folder.",
        "# hadolint shell=bash\nFROM debian:12\nRUN true",
        applies=file_has(r"^\s*#\s*hadolint\s+shell\s*=\s*\w"),
    ),
    Known(
        HADOLINT,
        r"SC\d+",
        ONLY_THEY,
        "The script is for PowerShell or cmd: the image is a Windows image, or a SHELL before the last ENV sets it.",
        'SHELL ["powershell", "-Command"]\nENV A=b\nRUN if ($Y) { Write-Host $Y }',
        ("hadolint #645", "hadolint #1228"),
        file_has(r"^\s*FROM\s.*(windows|nanoserver|dotnet/framework)|^\s*SHELL\s.*(powershell|pwsh|cmd)"),
    ),
    Known(
        HADOLINT,
        r"SC\d+|DL4006",
        ONLY_THEY,
        "The heredoc is for an interpreter named beside it or in its first line.",
        "RUN <<EOF bash\n[[ -f /etc/hosts ]]\nEOF",
        ("hadolint #1137",),
        instruction_has(r"<<-?\S+\s+\S"),
    ),
    Known(
        HADOLINT,
        "DL3006",
        ONLY_THEY,
        "The ARG's default names a stage of the file, not an image.",
        "ARG KIND=static\nFROM debian:12 AS build-static\nFROM build-${KIND}",
        applies=instruction_has(r"\$"),
    ),
    Known(
        HADOLINT,
        "DL3000|DL3045",
        ONLY_WE,
        "The path is in a variable with a known value, which we check.",
        "ENV HERE=app\nWORKDIR $HERE",
        applies=instruction_has(r"\$"),
    ),
    Known(
        HADOLINT,
        "DL3002",
        ONLY_WE,
        "Root is also written in quotes, in a variable with a known value, or with leading zeros.",
        'ENV OWNER=root\nUSER "$OWNER"',
        applies=instruction_has(r"[\"'$]|\b00"),
    ),
    Known(
        HADOLINT,
        "DL3048",
        ONLY_THEY,
        "The key is in a variable with a known value, which we check.",
        "ENV KEY=a\nLABEL $KEY=1",
        applies=instruction_has(r"\$"),
    ),
    Known(
        HADOLINT,
        "DL3066",
        ONLY_THEY,
        "The user is quoted, or in a variable whose value is a number or unknown.",
        "ENV ID=1000\nUSER $ID",
        applies=instruction_has(r"[\"'$]"),
    ),
    Known(
        HADOLINT,
        "DL3020",
        ONLY_THEY,
        "COPY cannot replace this ADD: a Git repository, a URL or archive in a variable, `--unpack`, Zstandard.",
        "ADD git@github.com:team/app.git /app",
        applies=instruction_has(r"\$|git@|git://|ssh://|--unpack|\.t?zst\b|\.(?-i:TAR|GZ)\b|\.taz\b"),
    ),
    Known(
        HADOLINT,
        "DL3021",
        ONLY_THEY,
        "The target is a Windows folder ending in a backslash, or in a variable that ends in a slash or is unknown.",
        "ENV FOLDER=/srv/\nCOPY a b $FOLDER",
        applies=instruction_has(r"\\\"?\]?\s*$|\$"),
    ),
    Known(
        HADOLINT,
        "DL3022",
        ONLY_THEY,
        "The stage exists: BuildKit finds it in quotes or in another case.",
        "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=Build a b",
        applies=file_has(r"--from=(\S*(?-i:[A-Z])|[\"'])|\sas\s+\S*(?-i:[A-Z])"),
    ),
    Known(
        HADOLINT,
        "DL3023",
        ONLY_WE,
        "A build also refuses the stage's own number, and its name in another case.",
        "FROM debian:12\nCOPY --from=0 a b",
        applies=file_has(r"--from=(\d|\S*(?-i:[A-Z]))|\sas\s+\S*(?-i:[A-Z])"),
    ),
    Known(
        HADOLINT,
        "DL3024|DL3063",
        ONLY_WE,
        "BuildKit ignores the case of stage names: `Build` and `build` are the same.",
        "FROM debian:12 AS build\nFROM debian:12 AS Build",
        applies=file_has(r"\sas\s+\S*(?-i:[A-Z])"),
    ),
    Known(
        HADOLINT,
        "DL3044",
        ONLY_WE,
        "The variable is set only in another stage, or is used with a default.",
        "ENV A=1 B=${A:-2}",
        applies=file_has(r"\$\{\w+:?[-+%#/]|^\s*FROM\s[\s\S]*^\s*FROM\s"),
    ),
    Known(
        HADOLINT,
        "DL3044",
        ONLY_THEY,
        "Single quotes prevent expansion of variables.",
        "ENV A=1 B='$A'",
        applies=instruction_has(r"'[^']*\$[^']*'"),
    ),
    Known(
        HADOLINT,
        "DL3064",
        ONLY_WE,
        "We check all names of an ARG, not only the first.",
        "ARG VERSION=1 NPM_TOKEN",
        applies=instruction_has(r"^\s*ARG\s+\S+\s+\S"),
    ),
    Known(
        BUILDKIT,
        "UndefinedVar",
        ONLY_THEY,
        "DL3044 reports the same use: the ENV that uses the variable also sets it.",
        "ENV A=1 B=$A",
        applies=instruction_has(r"^\s*ENV\s"),
    ),
    Known(
        BUILDKIT,
        "UndefinedVar",
        ONLY_THEY,
        "An ONBUILD trigger uses it; BuildKit checks triggers where they run, in a later stage.",
        "FROM debian:12 AS base\nONBUILD COPY $A /\nFROM base",
        applies=file_has(r"^\s*ONBUILD\s"),
    ),
    Known(
        BUILDKIT,
        "InvalidDefinitionDescription",
        ONLY_WE,
        "The set `all` has every rule; BuildKit runs this one only with `# check=experimental=`.",
        "# the version\nARG VERSION",
    ),
    Known(
        BUILDKIT,
        "WorkdirRelativePath",
        ONLY_THEY,
        "The variable's value is unknown: the base image may set it.",
        "WORKDIR $APP_HOME",
        applies=instruction_has(r"\$"),
    ),
    Known(
        BUILDKIT,
        "ConsistentInstructionCasing",
        ONLY_THEY,
        "`# check=skip=` above the instruction applies to this check, as to all others.",
        "FROM debian:12\nRUN true\n# check=skip=all\nrun true",
        applies=file_has(r"^\s*#\s*check\s*=.*skip"),
    ),
    Known(
        BUILDKIT,
        "JSONArgsRecommended",
        ONLY_WE,
        "A HEALTHCHECK in shell form that needs no shell is an info, as in hadolint.",
        "HEALTHCHECK CMD curl -f http://localhost/",
        applies=instruction_has(r"^\s*HEALTHCHECK\s"),
    ),
    Known(
        BUILDKIT,
        "SecretsUsedInArgOrEnv",
        ONLY_WE,
        "An ONBUILD trigger sets it; BuildKit checks triggers where they run.",
        "ONBUILD ENV PASSWORD=x",
        applies=instruction_has(r"^\s*ONBUILD\s"),
    ),
    Known(
        BUILDKIT,
        "CopyIgnoredFile",
        ONLY_WE,
        "A line with `!` in .dockerignore turns BuildKit's check off for all files; we check each file by all lines.",
        "COPY notes.txt /  # .dockerignore: *.txt, !other/",
        ("buildkit #7125", "buildkit #6926"),
    ),
    *(
        Known(
            BUILDKIT,
            "MultipleInstructionsDisallowed",
            side,
            "BuildKit names each instruction that is overridden; we name each that overrides one, as hadolint does.",
            'CMD ["a"]\nCMD ["b"]',
        )
        for side in (ONLY_THEY, ONLY_WE)
    ),
    Known(
        BUILDKIT,
        "SecretsUsedInArgOrEnv",
        ONLY_THEY,
        "The name contains a word from BuildKit's list, but is no secret: an alias, a path, an id, a name, a URL.",
        "ENV KMS_KEY_ALIAS=alias/app",
        ("buildkit #5775",),
        message_has(
            r"_(name|alias|id|path|url|uri|endpoint|host|port|dir|\w+abled|type|method|mode|header|ttl|timeout|expir\w*|length|size|algorithm)\b"
        ),
    ),
    Known(
        BUILDKIT,
        "UndefinedVar",
        ONLY_THEY,
        "DL3044 or arg-out-of-scope reports the same, once.",
        "ARG VERSION=1\nFROM debian:12\nLABEL version=$VERSION",
        (),
        file_has(r"^\s*ARG\s[\s\S]*^\s*FROM\s|^\s*ENV\s"),
    ),
    Known(
        BUILDKIT,
        "JSONArgsRecommended",
        ONLY_THEY,
        "The exec form is invalid JSON: broken-exec-form reports it, as an error.",
        "CMD ['node']",
        (),
        instruction_has(r"^\s*(CMD|ENTRYPOINT)\s+\["),
    ),
    Known(
        BUILDKIT,
        re.escape(VERDICT),
        ONLY_THEY,
        "--build-arg may set an ARG without a default: InvalidDefaultArgInFrom warns if FROM uses it.",
        "ARG BASE\nFROM ${BASE}",
        (),
        lambda found, where: (
            re.search(r"should not be blank|failed to parse stage name|empty platform|to be unset|\?", found.message)
            is not None
            and re.search(r"(?im)^\s*ARG\s+\w+\s*$", where.file) is not None
        ),
    ),
    *SECURITY,
)


def known(peer: str, side: str, found: Found, where: Where) -> Known | None:
    """The entry that explains a difference, if there is one."""
    return next((entry for entry in KNOWN if entry.explains(peer, side, found, where)), None)


def page() -> str:
    """The sections of `docs/lint-differences.md`: a table of the entries for each peer, in the order of their ids."""
    parts = []
    for peer in (HADOLINT, BUILDKIT, CHECKOV):
        rows = ["| rule | who finds it | why | example | asked for in |", "| --- | --- | --- | --- | --- |"]
        for entry in KNOWN:
            if entry.peer == peer:
                who = f"only {peer}" if entry.side == ONLY_THEY else "only stackferry"
                cells = (_ids(entry.rules), who, entry.reason, _code(entry.example), ", ".join(entry.issues))
                rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
        parts.append(f"## {peer}\n\n" + "\n".join(rows))
    return "\n\n".join(parts)


_IN_WORDS = {".*": "all"}


def _ids(pattern: str) -> str:
    """A pattern of ids in words: `DL300[67]` as DL3006, DL3007; `SC\\d+` as SC; `apt-.*` as apt-…, `.*` as all."""
    ids = []
    for part in pattern.split("|"):
        found = re.fullmatch(r"(\w+)\[(\d+)\]", part)
        ids += (
            [found[1] + digit for digit in found[2]]
            if found
            else [_IN_WORDS.get(part, part).replace(r"\d+", "").replace(".*", "…")]
        )
    return ", ".join(ids)


def _code(text: str) -> str:
    return "<br>".join(f"`{line}`" for line in text.split("\n"))
