"""A RUN as a padded script of its own lines: another way to exact places, to check the table of offsets.

Everything before the script is blank, the comments and blank lines between its lines are `\\` alone, so that a place in
this text is the same place in the Dockerfile, as long as nothing depends on a line's end (a string in single quotes).
"""

from stackferry.grammar.lint.shellcheck.submission import Submission


def padded(submission: Submission) -> tuple[str, int]:
    """The text for ShellCheck, and the number of its first line in the Dockerfile less that in the text."""
    script = submission.script
    build = script.step.stage.build
    source, escape = build.source, build.dockerfile.escape
    start = script.joined.at(0)
    end = script.joined.end(len(script.text))
    first = source.position(start)
    instruction = build.dockerfile.instructions[script.step.index]
    gone = {source.position(offset).line for offset in instruction.blank_lines}
    gone |= {source.position(comment.start).line for comment in instruction.inside}
    lines = []
    for number in range(first.line, source.position(end).line + 1):
        line = source.line(number)
        if number == source.position(end).line:
            line = line[: source.position(end).column - 1]
        elif number in gone:
            line = "\\"
        elif line.rstrip(" \t").endswith(escape):
            line = f"{line.rstrip(' 	')[:-1]}\\"
        if number == first.line:
            line = " " * (first.column - 1) + line[first.column - 1 :]
        lines.append(line)
    prelude = "".join(submission.text.splitlines(keepends=True)[: submission.lines])
    return prelude + "\n".join((*lines, "")), first.line - submission.lines - 1
