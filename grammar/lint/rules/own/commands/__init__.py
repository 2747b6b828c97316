"""Rules about the programs that RUN calls."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("cd-without-effect", "warning", "Change the folder with WORKDIR.", ("recommended",)),
    Rule("curl-should-follow-redirects", "info", "Let curl follow redirects."),
)
