"""What a container of a service sees, found out by one script that runs the same way in both places.

The script is `probe.sh`. It prints a line for each fact, fields separated by tabs; `facts` reads them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

PROBE = (Path(__file__).parent / "probe.sh").read_text("utf-8")

Fact = tuple[str, ...]
"""What is asked: `("name", "db")`, `("port", "db", "5432")`, `("env", "TOKEN")`, `("file", "/etc/app.ini")`…"""


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked in every container: names that may resolve, ports that may answer, folders whose files matter."""

    names: tuple[str, ...] = ()
    ports: tuple[tuple[str, int], ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """The answers of a service's container, by question; `code` is how it ended, None while it runs."""

    answers: Mapping[Fact, str] = field(default_factory=lambda: MappingProxyType({}))
    code: int | None = None


def argv(questions: Questions) -> list[str]:
    """The command that answers them in a container."""
    ports = (f"{name}:{port}" for name, port in questions.ports)
    return ["sh", "-c", PROBE, "probe.sh", *map(" ".join, (questions.names, ports, questions.folders))]


def facts(printed: str, code: int | None = None) -> Facts:
    """What the script printed, by question. The last field of a line is the answer."""
    answers: dict[Fact, str] = {}
    for line in printed.splitlines():
        *question, answer = line.split("\t")
        if question:
            answers[tuple(question)] = answer.rstrip()
    return Facts(MappingProxyType(answers), code)


def starts(times: Mapping[str, float], pairs: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], bool]:
    """Of pairs (earlier, later) of services that started, whether the earlier one did start earlier."""
    return {pair: times[pair[0]] <= times[pair[1]] for pair in pairs if set(pair) <= set(times)}
