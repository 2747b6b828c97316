"""Rules about what a build refuses only once stages and variables are known: the parser takes it."""

from stackferry.grammar.lint.rule import Rule

_SETS = ("recommended",)

RULES: tuple[Rule, ...] = (
    Rule("circular-stages", "error", "Copy from earlier stages.", _SETS),
    Rule("copy-from-variable", "error", "Do not use variables in --from.", _SETS, keywords=("COPY",)),
    Rule("empty-base-image", "error", "Start a stage from a valid image.", _SETS),
    Rule("empty-volume", "error", "Give VOLUME a path.", _SETS, keywords=("VOLUME",)),
    Rule("invalid-copy", "error", "Give COPY and ADD valid sources and modes.", _SETS, keywords=("ADD", "COPY")),
    Rule("invalid-expansion", "error", "Write variables in a form that a build can expand.", _SETS),
    Rule("invalid-platform", "error", "Build for a valid platform.", _SETS),
    Rule("invalid-port", "error", "Expose valid ports.", _SETS, keywords=("EXPOSE",)),
    Rule("invalid-stopsignal", "error", "Use a valid stop signal.", _SETS, keywords=("STOPSIGNAL",)),
    Rule("missing-stage", "error", "Copy from an existing stage number.", _SETS),
    Rule("mount-target-root", "error", "Do not mount at the root of the file system.", _SETS),
    Rule("no-build-stage", "error", "Start with FROM, or with ARG before it.", _SETS),
)
