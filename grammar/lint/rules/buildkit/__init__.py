"""Checks that BuildKit has and hadolint does not, with BuildKit's names and meanings."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("ConsistentInstructionCasing", "style", "Write all instructions in one case."),
    Rule(
        "CopyIgnoredFile",
        "warning",
        "Do not copy what .dockerignore leaves out.",
        ("recommended",),
        keywords=("ADD", "COPY"),
    ),
    Rule(
        "ExposeInvalidFormat",
        "warning",
        "Expose ports of the container, not of the host.",
        ("recommended",),
        keywords=("EXPOSE",),
    ),
    Rule("ExposeProtoCasing", "style", "Write the protocol of a port in lower case.", keywords=("EXPOSE",)),
    Rule("FromAsCasing", "style", "Write FROM and AS in one case."),
    Rule("InvalidDefaultArgInFrom", "warning", "Give FROM a valid image by default.", ("recommended",)),
    Rule("InvalidDefinitionDescription", "style", "Describe a stage or an argument in the form `# name description`."),
    Rule("LegacyKeyValueFormat", "style", "Write ENV and LABEL as name=value."),
    Rule("NoEmptyContinuation", "warning", "Leave no blank lines between continued lines.", ("recommended",)),
    Rule("StageNameCasing", "style", "Name stages in lower case."),
    Rule("UndefinedArgInFrom", "warning", "Declare the arguments that FROM uses.", ("recommended",)),
    Rule("UndefinedVar", "warning", "Set a variable before it is used.", ("recommended",)),
)
