"""Rules about the files of an image: who owns them, and what they may."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "copy-after-user-without-chown", "info", "Set the owner of files copied after USER.", keywords=("ADD", "COPY")
    ),
    Rule(
        "copy-before-install",
        "info",
        "Copy the dependency list first, and the other files after the installation.",
        keywords=("ADD", "COPY"),
    ),
    Rule(
        "named-identity-in-passwdless-stage",
        "warning",
        "Specify users by ID where there is no /etc/passwd.",
        ("recommended",),
        keywords=("ADD", "COPY"),
    ),
    Rule("prefer-copy-chmod", "info", "Set the mode of a file when copying it.", keywords=("COPY",)),
    Rule("user-created-but-never-used", "info", "Use the user that was created."),
)
