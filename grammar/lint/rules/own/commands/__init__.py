"""Rules about the programs that RUN calls."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (Rule("curl-should-follow-redirects", "info", "Let curl follow redirects."),)
