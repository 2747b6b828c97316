"""The parser's problems as rows of the catalogue: each would fail a build.

They are in every set, as errors. A code may be ignored by its name, for frontends (`# syntax=`) that know more
instructions than BuildKit's own.
"""

from stackferry.grammar.lint.rule import Rule

PROBLEMS: tuple[Rule, ...] = (
    Rule("no-instructions", "error", "A Dockerfile has at least one instruction."),
    Rule("invalid-directive", "error", "A parser directive is used once, and has a valid value."),
    Rule("unknown-instruction", "error", "A line starts with a known instruction."),
    Rule("invalid-heredoc", "error", "A heredoc has a word that quotes do not leave open."),
    Rule("unterminated-heredoc", "error", "A heredoc ends with its word on a line of its own."),
    Rule("missing-arguments", "error", "An instruction has the arguments it needs."),
    Rule("invalid-arguments", "error", "An instruction has arguments that it understands."),
    Rule("invalid-flag", "error", "A flag exists for its instruction, and has a valid value."),
    Rule("invalid-mount", "error", "A --mount has a type and options that exist."),
    Rule("invalid-json-form", "error", "A JSON form has nothing but texts, and SHELL has one."),
    Rule("invalid-stage-name", "error", "A stage's name starts with a letter and has only valid characters."),
    Rule("invalid-onbuild-trigger", "error", "ONBUILD holds an instruction that may be a trigger."),
    Rule("internal-error", "error", "A rule failed on this file: a bug of ours."),
    Rule("too-large", "warning", "A file is not so large that the linter leaves out a part of it."),
    Rule("line-too-long", "error", "A line has at most 65535 bytes."),
)

INTERNAL_ERROR = "internal-error"
"""The only id that nothing switches off: it may hide unknown findings."""

SPOKEN_FOR: dict[str, tuple[str, ...]] = {
    "invalid-onbuild-trigger": ("DL3043",),
    "no-build-stage": ("DL3061",),
    "unknown-pragma-id": ("invalid-directive",),
    "circular-stages": ("DL3023",),
    "invalid-port": ("DL3011",),
    "DL3022": ("circular-stages", "copy-from-variable", "empty-base-image", "missing-stage"),
    "DL3025": ("broken-exec-form",),
    "DL3044": ("arg-out-of-scope",),
    "InvalidDefaultArgInFrom": ("empty-base-image",),
    "UndefinedArgInFrom": ("empty-base-image", "invalid-platform"),
    "UndefinedVar": ("DL3044", "arg-out-of-scope"),
    "SC2154": ("arg-out-of-scope", "UndefinedVar"),
}
"""An id is not reported where one of the others reports the same problem at the same place."""
