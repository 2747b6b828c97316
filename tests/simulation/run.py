"""`make simulate N=1000 FROM=0`: runs N seeds; prints and keeps the script of the first that fails."""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.simulation.networks import Networks  # noqa: E402
from tests.simulation.schedules import Schedules  # noqa: E402
from tests.simulation.simulation import Simulation  # noqa: E402


def main(count: int, first: int) -> int:
    begun = time.monotonic()
    failed = []
    for seed in range(first, first + count):
        try:
            Simulation(seed).play()
            Schedules(seed).play()
            Networks(seed).play()
        except Exception as error:  # noqa: BLE001 - any is a find
            failed.append(seed)
            print(f"seed {seed}: {type(error).__name__}: {error}")
            if len(failed) == 5:
                break
    print(f"{count} seeds from {first}: {len(failed)} fail {failed}, {time.monotonic() - begun:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
