"""Rules about where a variable is in scope."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("arg-out-of-scope", "warning", "Repeat a global ARG in the stage that reads it.", ("recommended",)),
)
