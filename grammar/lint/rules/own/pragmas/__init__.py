"""Rules about pragmas. They ask what became of all other rules, so `lint.py` calls them last, with other arguments.

The module of a rule has `judge(silencer, ran)`.
"""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("unknown-pragma-id", "warning", "Name existing rules in a pragma.", ("recommended",)),
    Rule("unused-pragma", "info", "Remove pragmas that suppress nothing.", ("recommended",)),
)
