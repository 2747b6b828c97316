"""Fuzz the loader for a while: `python tests/fuzz/run.py --seconds 300`.

Runs `search.py` in a process of its own and watches it: a process that crashes, or whose work on an input comes to no
end, leaves its input behind. Finds are kept in `fixtures/fuzz/<hash>/`, which `test_fuzz.py` loads ever after.
Those that were found in other ways have a name that begins with what should come of them: `ok-`, `bad-`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.fuzz.effort import Effort  # noqa: E402

FOUND = ROOT / "fixtures" / "fuzz"
PATIENCE = 120.0
"""Seconds of CPU on one input, three more runs to be sure included, after which the process counts as lost."""


def fuzz(
    seconds: float, seed: int, largest: int = 1_000_000, attacks: bool = True, found: Path = FOUND, mercy: float = 1.0
) -> dict[str, Any]:
    """The tally of one search (`search.Tally`); a lost process is one of the finds.

    `mercy` multiplies the seconds that an input may take.
    """
    with tempfile.TemporaryDirectory(prefix="stackferry-fuzz-") as scratch:
        shop = Path(scratch) / "shop"
        words = [scratch, str(found), str(seconds), str(seed), str(largest), "yes" if attacks else "no", str(mercy)]
        environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
        with subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.search", *words],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            lost = _lost(process, shop)
            out = process.stdout.read() if process.stdout else ""
        if not lost and process.returncode == 0:
            tally: dict[str, Any] = json.loads(out)
            return tally
        kept = found / f"lost-{seed}"
        shutil.copytree(shop, kept, dirs_exist_ok=True)
        return {
            "cases": 0,
            "seconds": PATIENCE,
            "megabytes": 0,
            "finds": {lost or f"exit {process.returncode}": str(kept)},
        }


def _lost(process: "subprocess.Popen[str]", shop: Path) -> str:
    """Wait for the process; end it, and say why, if it works for too long on one input, or not at all."""
    effort, seen = Effort(process.pid, PATIENCE), 0
    while True:
        try:
            process.wait(timeout=1)
            return ""
        except subprocess.TimeoutExpired:
            changed = shop.stat().st_mtime_ns if shop.exists() else 0
            if changed != seen:
                seen = changed
                effort.anew()
            if why := effort.lost():
                effort.end()
                process.wait()
                return why


def main() -> int:
    """Fuzz in rounds of a minute, print the figures and the finds; 1 if there are any."""
    parser = argparse.ArgumentParser(description="Fuzz the loader.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    end = time.monotonic() + chosen.seconds
    finds: dict[str, str] = {}
    cases, slowest, largest = 0, (0.0, ""), (0.0, "")
    number = 0
    while (left := end - time.monotonic()) > 0:
        tally = fuzz(min(left, 120), chosen.seed + 1000 * number, attacks=number == 0)
        finds |= tally["finds"]
        cases += tally["cases"]
        slowest = max(slowest, (tally["seconds"], tally.get("slowest", "")))
        largest = max(largest, (tally["megabytes"], tally.get("largest", "")))
        number += 1
    print(f"{cases} inputs, seed {chosen.seed}")
    print(f"at most {slowest[0]:.2f} s ({slowest[1]}) and {largest[0]:.0f} MB ({largest[1]})")
    for problem, folder in sorted(finds.items()):
        print(f"{problem}\n  in {folder}")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
