"""Rules about single instructions and parser directives."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("broken-exec-form", "error", "Write the exec form as JSON.", ("recommended",)),
    Rule(
        "broken-onbuild-trigger",
        "error",
        "Give ONBUILD an instruction that a build takes.",
        ("recommended",),
        keywords=("ONBUILD",),
    ),
    Rule("duplicate-label-key", "warning", "Set a label once in a stage.", ("recommended",), keywords=("LABEL",)),
    Rule("syntax-directive-typo", "warning", "Write parser directives so that they count.", ("recommended",)),
    Rule(
        "ungraceful-stopsignal",
        "warning",
        "Stop the container with a signal that it can handle.",
        ("recommended",),
        keywords=("STOPSIGNAL",),
    ),
)
