"""The exception for templates that cannot be used."""

from stackferry.grammar.diagnostics import StackferryError


class TemplateError(StackferryError):
    """A template cannot be parsed or executed. `offset` is the place in its text, from 0."""

    def __init__(self, problem: str, text: str, offset: int, hint: str = "") -> None:
        before = text[: min(offset, len(text))]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        where = f"column {column}" if "\n" not in text else f"line {line}, column {column}"
        super().__init__(f"template, {where}: {problem}", hint)
        self.problem = problem
        self.offset = offset
