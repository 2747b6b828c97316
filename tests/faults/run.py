"""`python tests/faults/run.py [--seed N] [CASE…]`: real faults on a real engine; a table with figures.

As root, it starts an engine of its own for the run, since one case kills it. Cases: those of `cases.py`
and `supervisors.py`.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from stackferry.emulator.engine.docker import DockerEngine  # noqa: E402
from tests.engine.image import import_busybox  # noqa: E402
from tests.faults import cases, supervisors  # noqa: E402
from tests.faults.cases import Place  # noqa: E402
from tests.faults.engine import OwnEngine  # noqa: E402

CASES = cases.CASES | supervisors.CASES


def main() -> int:
    """Run the cases; 1 if one fails."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    options.add_argument("cases", nargs="*", metavar="CASE", choices=[*CASES, []], help=", ".join(CASES))
    asked = options.parse_args()
    # The engine and its namespaces go with us, also when we are told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"seed {asked.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="sf"))
    own = OwnEngine(folder / "e")
    engine = DockerEngine(own.address)
    failed = 0
    try:
        image = import_busybox(engine)
        for name in asked.cases or CASES:
            place = Place(engine, image, folder / name, Random(asked.seed), own)
            begun = time.monotonic()
            try:
                figures = CASES[name](place)
            except Exception as error:  # noqa: BLE001 - any is a find
                failed += 1
                print(f"{name:<12} FAILED after {time.monotonic() - begun:.0f} s: {str(error)[:3000]}", flush=True)
                traceback.print_exc()
            else:
                words = "; ".join(f"{key} {value}" for key, value in figures.items())
                print(f"{name:<12} {time.monotonic() - begun:5.0f} s  {words}", flush=True)
            finally:
                place.close()
    finally:
        engine.close()
        own.close()
        if not failed:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
