"""Rules about single instructions and parser directives."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("broken-exec-form", "error", "Write the exec form as JSON.", ("recommended",)),
    Rule(
        "broken-onbuild-trigger",
        "error",
        "Give ONBUILD a valid instruction.",
        ("recommended",),
        keywords=("ONBUILD",),
    ),
    Rule(
        "duplicate-label-key", "warning", "Set each label only once in a stage.", ("recommended",), keywords=("LABEL",)
    ),
    Rule("syntax-directive-typo", "warning", "Write parser directives so that they take effect.", ("recommended",)),
    Rule(
        "ungraceful-stopsignal",
        "warning",
        "Use a stop signal that a process can handle.",
        ("recommended",),
        keywords=("STOPSIGNAL",),
    ),
)
