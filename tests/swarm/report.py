"""Second half of `make conformance`: every scenario on a real swarm and on the emulator, and a table of both.

python tests/swarm/report.py [--engine ADDRESS] [NAME…]      needs root, dockerd and the kernel's namespaces
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.swarm.ours import OurScenario  # noqa: E402
from tests.swarm.outcome import Outcome  # noqa: E402
from tests.swarm.real import RealScenario, Swarm  # noqa: E402

SCRIPTS = ROOT / "fixtures" / "scenarios"
AT_ONCE = 6
TRIES = 5
SLACK = 1.0
"""Seconds that a task of ours may come into being later than a swarm's."""


def scripts(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Scenarios that a real swarm can play too: those that say so by `# swarm: no` are left out."""
    for path in sorted(SCRIPTS.glob("*.txt")):
        text = path.read_text(encoding="utf-8").partition("----\n")[0]
        if "# swarm: no" not in text and (not names or path.stem in names):
            yield path.stem, text


def differences(real: dict[str, Outcome], ours: dict[str, Outcome]) -> list[str]:
    found = []
    for name in sorted({*real, *ours}):
        theirs, own = real.get(name), ours.get(name)
        if theirs is None or own is None:
            found.append(f"{name}: only one has it")
            continue
        # A swarm updates its slots in an order of chance (Go's maps): then only their number counts.
        by_name = not theirs.updates
        their_slots, our_slots = paired(theirs, by_name), paired(own, by_name)
        if [tasks for _, tasks, _ in their_slots] != [tasks for _, tasks, _ in our_slots]:
            found.append(f"{name}: swarm {shown(their_slots)} | ours {shown(our_slots)}")
        else:
            found += late(name, their_slots, our_slots)
        if theirs.updates != own.updates:
            found.append(f"{name}: updates: swarm {theirs.updates} | ours {own.updates}")
    return found


Slots = list[tuple[str, tuple[str, ...], tuple[float, ...]]]


def paired(outcome: Outcome, by_name: bool) -> Slots:
    slots = [(slot, tasks, outcome.times[slot]) for slot, tasks in sorted(outcome.slots.items())]
    return slots if by_name else sorted(slots, key=lambda one: (one[1], one[2]))


def shown(slots: Slots) -> str:
    return "; ".join(f"{slot}: {', '.join(tasks)}" for slot, tasks, _ in slots)


def late(name: str, theirs: Slots, own: Slots) -> list[str]:
    """We may be quicker than a swarm (it waits before it stops), never later; what is too early the goldens tell."""
    return [
        f"{name}.{slot} task {index + 1}: created at {then:.2f} s by swarm, {now:.2f} s by us"
        for (slot, _, thens), (_, _, nows) in zip(theirs, own, strict=True)
        for index, (then, now) in enumerate(zip(thens, nows, strict=True))
        if now > then + SLACK
    ]


def compare(swarm: Swarm, name: str, script: str) -> tuple[int, list[str]]:
    """How often the swarm had to play it, and what is different still.

    Where a swarm has no order (which slot stays pending, whether its updater or its restart supervisor sees a
    failure first) it ends now one way and now another; ours has to be one of its ways.
    """
    ours = OurScenario().outcomes(script)
    for tries in range(1, TRIES + 1):
        found = differences(RealScenario(swarm, f"{name}-{tries}").play(script), ours)
        if not found:
            break
    return tries, found


def compare_all(swarm: Swarm, chosen: Sequence[tuple[str, str]]) -> dict[str, tuple[int, list[str]]]:
    """`compare` of each script by its name: together, and those that change the node one by one."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        together = [(name, pool.submit(compare, swarm, name, text)) for name, text in chosen if not is_alone(text)]
        found = {name: future.result() for name, future in together}
    return found | {name: compare(swarm, name, text) for name, text in chosen if is_alone(text)}


def is_alone(script: str) -> bool:
    """Whether it changes the node, which all share."""
    return "\nnode " in f"\n{script}"


@contextmanager
def engine(address: str = "", *options: str) -> Iterator[str]:
    """The engine at an address, or one of our own, with these options, for as long as it is needed."""
    if address:
        yield address
        return
    folder = Path(tempfile.mkdtemp(prefix="sw", dir="/tmp"))
    up = ROOT / "tests" / "swarm" / "up.sh"
    try:
        yield subprocess.run([up, folder, *options], capture_output=True, text=True, check=True).stdout.strip()
    finally:
        subprocess.run([up, "--down", folder])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="scenarios on a real swarm and on the emulator")
    parser.add_argument("names", nargs="*", metavar="NAME", help="of fixtures/scenarios; all if none is named")
    parser.add_argument("--engine", default="", metavar="ADDRESS", help="a dockerd to make a swarm of, instead of ours")
    options = parser.parse_args(arguments)
    with engine(options.engine) as address:
        return report(Swarm(address), list(scripts(options.names)))


def report(swarm: Swarm, chosen: Sequence[tuple[str, str]]) -> int:
    """Play, print the table; 0 if all is the same."""
    try:
        found = compare_all(swarm, chosen)
    finally:
        swarm.close()
    for name, _ in chosen:
        tries, wrong = found[name]
        print(f"{'DIFFER' if wrong else 'same'} {name}{f' (play {tries} of the swarm)' if tries > 1 else ''}")
        for line in wrong:
            print(f"         {line}")
    same = sum(not wrong for _, wrong in found.values())
    print(f"{same} of {len(found)} scenarios end the same on a real swarm {swarm.version}")
    return 0 if same == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
