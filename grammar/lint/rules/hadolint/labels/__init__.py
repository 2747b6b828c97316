"""Rules about LABEL: keys, and values against the label schema of the configuration."""

from stackferry.grammar.lint.rule import Rule

_SETS = ("recommended", "hadolint")

RULES: tuple[Rule, ...] = (
    Rule(
        "DL3048",
        "style",
        "Use lowercase letters, digits, dots and dashes in label keys.",
        ("hadolint",),
        keywords=("LABEL",),
    ),
    Rule("DL3049", "info", "Set the labels that the configuration requires.", _SETS),
    Rule("DL3050", "info", "Set only labels that the configuration declares.", _SETS, keywords=("LABEL",)),
    Rule("DL3051", "warning", "Give a label a value.", _SETS, keywords=("LABEL",)),
    Rule("DL3052", "warning", "Give a label of type url a URL.", _SETS, keywords=("LABEL",)),
    Rule("DL3053", "warning", "Give a label of type rfc3339 an RFC 3339 time.", _SETS, keywords=("LABEL",)),
    Rule("DL3054", "warning", "Give a label of type spdx an SPDX license.", _SETS, keywords=("LABEL",)),
    Rule("DL3055", "warning", "Give a label of type hash a Git hash.", _SETS, keywords=("LABEL",)),
    Rule("DL3056", "warning", "Give a label of type semver a semantic version.", _SETS, keywords=("LABEL",)),
    Rule("DL3058", "warning", "Give a label of type email an e-mail address.", _SETS, keywords=("LABEL",)),
)
