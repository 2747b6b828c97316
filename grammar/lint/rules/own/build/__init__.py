"""Rules about what a build refuses only once stages and variables are known: the parser takes it."""

from stackferry.grammar.lint.rule import Rule

_SETS = ("recommended",)

RULES: tuple[Rule, ...] = (
    Rule("circular-stages", "error", "Copy from stages that come before.", _SETS),
    Rule("copy-from-variable", "error", "Name the stage of --from without variables.", _SETS, keywords=("COPY",)),
    Rule("empty-base-image", "error", "Begin a stage with an image that can exist.", _SETS),
    Rule("empty-volume", "error", "Give VOLUME a path.", _SETS, keywords=("VOLUME",)),
    Rule(
        "invalid-copy", "error", "Give COPY and ADD sources and modes that they take.", _SETS, keywords=("ADD", "COPY")
    ),
    Rule("invalid-expansion", "error", "Write variables in a form that a build can fill in.", _SETS),
    Rule("invalid-platform", "error", "Build for a platform that exists.", _SETS),
    Rule("invalid-port", "error", "Expose ports that exist.", _SETS, keywords=("EXPOSE",)),
    Rule(
        "invalid-stopsignal", "error", "Stop the container with a signal that exists.", _SETS, keywords=("STOPSIGNAL",)
    ),
    Rule("missing-stage", "error", "Copy from a stage number that exists.", _SETS),
    Rule("mount-target-root", "error", "Mount below the root of the file system.", _SETS),
    Rule("no-build-stage", "error", "Begin with FROM, or with ARG before it.", _SETS),
)
