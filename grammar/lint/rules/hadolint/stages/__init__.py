"""Rules about stages: their names, copies between them, what each may have once."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = ()
