"""Checks that BuildKit has and hadolint does not, with BuildKit's names and meanings."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("ConsistentInstructionCasing", "style", "Write all instructions in the same case."),
    Rule(
        "CopyIgnoredFile",
        "warning",
        "Do not copy files that .dockerignore excludes.",
        ("recommended",),
        keywords=("ADD", "COPY"),
    ),
    Rule(
        "ExposeInvalidFormat",
        "warning",
        "Expose container ports, not host ports.",
        ("recommended",),
        keywords=("EXPOSE",),
    ),
    Rule("ExposeProtoCasing", "style", "Write the protocol of a port in lower case.", keywords=("EXPOSE",)),
    Rule("FromAsCasing", "style", "Write FROM and AS in the same case."),
    Rule(
        "InvalidDefaultArgInFrom",
        "warning",
        "Give FROM an image that is valid with the default arguments.",
        ("recommended",),
    ),
    Rule("InvalidDefinitionDescription", "style", "Describe a stage or an argument in the form `# name description`."),
    Rule("LegacyKeyValueFormat", "style", "Write ENV and LABEL as name=value."),
    Rule("NoEmptyContinuation", "warning", "Do not put empty lines between continuation lines.", ("recommended",)),
    Rule("StageNameCasing", "style", "Name stages in lower case."),
    Rule("UndefinedArgInFrom", "warning", "Declare the arguments used in FROM.", ("recommended",)),
    Rule("UndefinedVar", "warning", "Set a variable before it is used.", ("recommended",)),
)
