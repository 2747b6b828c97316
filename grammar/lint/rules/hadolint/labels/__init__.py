"""Rules about LABEL: keys, and values against the label schema of the configuration."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = ()
