"""Rules about commands in RUN: programs that have no place there, pipes, downloads, the number of RUNs."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("DL3001", "info", "Do not run commands that make no sense in a build.", ("hadolint",)),
    Rule("DL3003", "warning", "Change the folder with WORKDIR.", ("hadolint",), ("DS-0013",)),
    Rule(
        "DL3004",
        "warning",
        "Do not use sudo.",
        ("recommended", "security", "hadolint:error"),
        ("CKV2_DOCKER_1", "DS-0010"),
    ),
    Rule("DL3010", "info", "Unpack local archives with ADD.", ("recommended", "hadolint"), keywords=("COPY",)),
    Rule("DL3046", "warning", "Use useradd -l with a high user ID.", ("recommended", "hadolint")),
    Rule("DL3047", "info", "Use wget --progress=dot:giga.", ("hadolint",)),
    Rule("DL3059", "info", "Join consecutive RUN instructions.", ("hadolint",)),
    Rule("DL4001", "warning", "Use either wget or curl, not both.", ("hadolint",), ("DS-0014",)),
    Rule("DL4005", "warning", "Change the shell with SHELL.", ("recommended", "hadolint")),
    Rule("DL4006", "warning", "Set pipefail before a pipe.", ("recommended", "hadolint")),
)
