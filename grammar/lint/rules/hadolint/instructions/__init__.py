"""Rules about single instructions other than FROM, LABEL and RUN, and about their order."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("DL1001", "info", "Do not suppress rules in comments.", ("hadolint:ignore",)),
    Rule(
        "DL3000",
        "warning",
        "Use an absolute WORKDIR.",
        ("recommended", "hadolint:error"),
        ("WorkdirRelativePath", "CKV_DOCKER_10", "DS-0009"),
        keywords=("WORKDIR",),
    ),
    Rule(
        "DL3011",
        "error",
        "Expose ports from 0 to 65535.",
        ("recommended", "hadolint"),
        ("DS-0008",),
        keywords=("EXPOSE",),
    ),
    Rule(
        "DL3020",
        "warning",
        "Copy local files with COPY, not with ADD.",
        ("recommended", "hadolint:error"),
        ("CKV_DOCKER_4", "DS-0005"),
        keywords=("ADD",),
    ),
    Rule(
        "DL3021",
        "error",
        "When copying several sources, end the destination with a slash.",
        ("recommended", "hadolint"),
        ("DS-0011",),
        keywords=("COPY",),
    ),
    Rule(
        "DL3025",
        "warning",
        "Write CMD and ENTRYPOINT in exec form.",
        ("recommended", "hadolint"),
        ("JSONArgsRecommended",),
        keywords=("CMD", "ENTRYPOINT", "HEALTHCHECK"),
    ),
    Rule(
        "DL3043",
        "error",
        "Do not put FROM, MAINTAINER or ONBUILD into ONBUILD.",
        ("recommended", "hadolint"),
        keywords=("ONBUILD",),
    ),
    Rule(
        "DL3044",
        "warning",
        "Do not use a variable in the same ENV that sets it.",
        ("recommended", "hadolint:error"),
    ),
    Rule(
        "DL3045",
        "warning",
        "Set WORKDIR before copying to a relative path.",
        ("recommended", "hadolint"),
        keywords=("COPY",),
    ),
    Rule("DL3061", "error", "Start with FROM, or with ARG before it.", ("recommended", "hadolint")),
    Rule(
        "DL3064",
        "warning",
        "Do not keep secrets in ARG or ENV.",
        ("recommended", "security", "hadolint"),
        ("SecretsUsedInArgOrEnv", "DS-0031"),
    ),
    Rule("DL3066", "info", "Specify the user by ID.", ("hadolint",), keywords=("USER",)),
    Rule(
        "DL4000",
        "style",
        "Name the author with LABEL, not with MAINTAINER.",
        ("hadolint:error",),
        ("MaintainerDeprecated", "CKV_DOCKER_6", "DS-0022"),
        keywords=("MAINTAINER",),
    ),
)
