"""Rules about single instructions other than FROM, LABEL and RUN, and about their order."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "DL3000",
        "error",
        "Use an absolute WORKDIR.",
        ("recommended", "hadolint"),
        ("WorkdirRelativePath", "CKV_DOCKER_10", "DS-0009"),
    ),
)
