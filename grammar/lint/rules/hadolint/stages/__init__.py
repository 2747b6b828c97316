"""Rules about stages: their names, what is copied between them, and what each may have once."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "DL3002",
        "warning",
        "Do not let the container run as root.",
        ("recommended", "security", "hadolint"),
        ("CKV_DOCKER_8", "CKV_DOCKER_3", "DS-0002"),
        keywords=("USER",),
    ),
    Rule(
        "DL3012",
        "warning",
        "Give a stage one HEALTHCHECK.",
        ("recommended", "hadolint:error"),
        ("MultipleInstructionsDisallowed", "DS-0023"),
        keywords=("HEALTHCHECK",),
    ),
    Rule(
        "DL3022",
        "warning",
        "Copy from an existing stage, or from an image with a tag.",
        ("recommended", "hadolint"),
        keywords=("COPY",),
    ),
    Rule(
        "DL3023",
        "error",
        "Do not let a stage copy from itself.",
        ("recommended", "hadolint"),
        ("DS-0006",),
        keywords=("COPY",),
    ),
    Rule(
        "DL3024",
        "error",
        "Give each stage a unique name.",
        ("recommended", "hadolint"),
        ("DuplicateStageName", "CKV_DOCKER_11", "DS-0012"),
    ),
    Rule(
        "DL3057",
        "info",
        "Give the image a HEALTHCHECK.",
        ("hadolint:ignore",),
        ("CKV_DOCKER_2", "DS-0026"),
    ),
    Rule(
        "DL3063",
        "warning",
        "Do not give a stage a reserved name.",
        ("recommended", "hadolint"),
        ("ReservedStageName",),
    ),
    Rule(
        "DL3067",
        "warning",
        "Do not copy all files from another stage.",
        ("recommended", "hadolint"),
        keywords=("COPY",),
    ),
    Rule(
        "DL4003",
        "warning",
        "Give a stage one CMD.",
        ("recommended", "hadolint"),
        ("MultipleInstructionsDisallowed", "DS-0016"),
        keywords=("CMD",),
    ),
    Rule(
        "DL4004",
        "warning",
        "Give a stage one ENTRYPOINT.",
        ("recommended", "hadolint:error"),
        ("MultipleInstructionsDisallowed", "DS-0007"),
        keywords=("ENTRYPOINT",),
    ),
)
