"""The work of a translation and its report grows linearly with the stack: steps are counted, not timed."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from stackferry.grammar.compose.load import Loaded, Request, load
from stackferry.grammar.files import Memory
from stackferry.translator import Options, check, explain, render_yaml, translate
from tests.translator.making import HERE

pytestmark = pytest.mark.slow

SIZES = (40, 80, 160)
WEB = "services:\n  web:\n    image: nginx:1\n"


def listed(key: str, item: Callable[[int], str], count: int) -> str:
    """A service with many items under one key."""
    return f"{WEB}    {key}:\n" + "".join(f"      - {item(number)}\n" for number in range(count))


def volumes(count: int) -> str:
    names = "".join(f"  v{number}:\n" for number in range(count))
    return listed("volumes", lambda number: f"v{number}:/data/{number}", count) + f"volumes:\n{names}"


def services(count: int) -> str:
    return "services:\n" + "".join(
        f"  s{number}:\n    image: nginx:1\n    ports: ['{8000 + number}:80']\n    environment: {{A: b}}\n"
        f"    networks: {{default: {{aliases: [a{number}]}}}}\n"
        for number in range(count)
    )


def aliases(count: int) -> str:
    names = ", ".join(f"a{number}" for number in range(count))
    return f"{WEB}    networks: {{default: {{aliases: [{names}]}}}}\n"


LARGE: dict[str, Callable[[int], str]] = {
    "a range of ports": lambda count: f"{WEB}    ports: ['1-{count}:1-{count}']\n",
    "ports of one range": lambda count: listed("ports", lambda number: f"'5000-9000:{number + 1}'", count),
    "ports of ranges that overlap": lambda count: listed(
        "ports", lambda number: f"'{5000 + number}-9000:{number + 1}'", count
    ),
    "ports of both protocols": lambda count: f"{WEB}    ports: ['1-{count}:1-{count}', '1-{count}:1-{count}/udp']\n",
    "exposed": lambda count: listed("expose", lambda number: f"'{number + 1}'", count),
    "variables": lambda count: listed("environment", lambda number: f"VAR_{number}=x", count),
    "secret variables": lambda count: listed("environment", lambda number: f"PASSWORD_{number}=x", count),
    "variables of an env file": lambda count: f"{WEB}    env_file: {count}.env\n",
    "labels": lambda count: listed("labels", lambda number: f"label{number}=x", count),
    "extra hosts of one address": lambda count: listed("extra_hosts", lambda number: f"h{number}=10.0.0.1", count),
    "system controls": lambda count: listed("sysctls", lambda number: f"net.a{number}=1", count),
    "named volumes": volumes,
    "nameless volumes called alike": lambda count: listed("volumes", lambda number: f"/at/{number}/data", count),
    "folders": lambda count: listed("volumes", lambda number: f"./d{number}:/data/{number}", count),
    "folders in memory": lambda count: listed("tmpfs", lambda number: f"/at/{number}/data", count),
    "services": services,
    "aliases": aliases,
}


def steps(stack: Loaded) -> int:
    """Instructions of Python that all of `convert` takes once the stack is loaded."""
    project, keys, files = stack.project, list(stack.keys()), Memory({}, HERE)
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        found = translate(project, files, Options(origin=stack.origin))
        explain(keys, found)
        check(found.objects, found.existing)
        render_yaml(found.objects)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_twice_as_much_is_twice_the_work(text: Callable[[int], str]) -> None:
    """What each doubling adds is doubled, too; were the work quadratic, it would be fourfold."""
    files = {f"{size}.env": "".join(f"VAR_{number}=x\n" for number in range(size)) for size in SIZES}
    stacks = [
        load(Request(), files=Memory({"compose.yaml": text(size), **files}, HERE), environment={}) for size in SIZES
    ]
    for stack in stacks:
        steps(stack)  # what is done once in a process is done
    small, middle, large = map(steps, stacks)

    assert (large - middle) / (middle - small) < 2.4
