"""Rules about the files of an image: who owns them, and what they may."""

from stackferry.grammar.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("copy-after-user-without-chown", "info", "Say who owns what is copied after USER.", keywords=("ADD", "COPY")),
    Rule(
        "copy-before-install",
        "info",
        "Copy what names the dependencies first, and the rest after the installation.",
        keywords=("ADD", "COPY"),
    ),
    Rule(
        "named-identity-in-passwdless-stage",
        "warning",
        "Name users by number where there is no list of users.",
        ("recommended",),
        keywords=("ADD", "COPY"),
    ),
    Rule("prefer-copy-chmod", "info", "Set the mode of a file where it is copied.", keywords=("COPY",)),
    Rule("user-created-but-never-used", "info", "Use the user that was made."),
)
