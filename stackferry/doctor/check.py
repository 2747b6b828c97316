"""One line of the doctor's report, for any target."""

from typing import Literal

from stackferry.grammar.lazy_dataclass import dataclass

Verdict = Literal["ok", "warn", "FAIL"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report. `hint` says what to do about it."""

    name: str
    verdict: Verdict
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.verdict:<4}  {self.name}: {self.message}" + (f" ({self.hint})" if self.hint else "")

    def row(self) -> dict[str, str]:
        """The object for `--format json`."""
        return {"Name": self.name, "Status": self.verdict, "Message": self.message, "Hint": self.hint}
