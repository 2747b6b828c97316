"""Rules about the images that a build starts from: tags, registries, platforms."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = ()
