"""Rules about the images that a build starts from: tags, registries, platforms."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "DL3006",
        "warning",
        "Tag the image of FROM.",
        ("recommended", "hadolint"),
        ("CKV_DOCKER_7", "DS-0001"),
    ),
    Rule(
        "DL3007",
        "warning",
        "Tag the image of FROM with a version, not with latest.",
        ("recommended", "hadolint"),
        ("CKV_DOCKER_7", "DS-0001"),
    ),
    Rule(
        "DL3026",
        "error",
        "Use only images from trusted registries.",
        ("recommended", "security", "hadolint"),
    ),
    Rule(
        "DL3029",
        "warning",
        "Do not hard-code the platform in FROM.",
        ("recommended", "hadolint"),
        ("FromPlatformFlagConstDisallowed",),
    ),
    Rule(
        "DL3065",
        "warning",
        "Omit --platform=$TARGETPLATFORM, which is the default of FROM.",
        ("recommended", "hadolint"),
        ("RedundantTargetPlatform",),
    ),
)
