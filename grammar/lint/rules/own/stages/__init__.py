"""Rules about what a stage has in it, and who needs it."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "copy-from-empty-scratch-stage",
        "error",
        "Copy from a stage that has files.",
        ("recommended",),
        keywords=("COPY",),
    ),
    Rule("shell-run-in-scratch", "error", "Do not run a shell in a stage without one.", ("recommended",)),
    Rule("unreachable-stage", "info", "Remove stages that the image does not use."),
)
