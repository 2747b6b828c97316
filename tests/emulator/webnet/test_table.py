import shutil
import subprocess
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from emulator.webnet.table import Backend, Balanced, Forward, table

FIXTURES = Path(__file__).parents[3] / "fixtures" / "webnet"
TASKS = tuple(Backend(IPv4Address(f"10.0.0.{one}"), f"t{one}") for one in (2, 3, 4))
BALANCED = (Balanced(IPv4Address("10.0.0.129"), "web", TASKS), Balanced(IPv4Address("10.0.0.130"), "idle"))
FORWARDS = (Forward(8080, "tcp", 80, TASKS), Forward(53, "udp", 5353, TASKS[:1]), Forward(9999, "tcp", 9, ()))

CASES = {"vips": (BALANCED, ()), "ports": ((), FORWARDS), "both": (BALANCED, FORWARDS), "nothing": ((), ())}


@pytest.mark.parametrize("name", CASES)
def test_text(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(FIXTURES / f"table-{name}.nft", table(*CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_nft_takes_it(name: str) -> None:
    if shutil.which("unshare") is None or shutil.which("nft") is None:
        pytest.skip("no nft here")
    # In a namespace of its own, twice: the second time there is one already.
    command = [
        "unshare",
        "-n",
        "sh",
        "-c",
        "nft -f - <<E && nft -f - <<F && nft list ruleset\n%sE\n%sF\n" % ((table(*CASES[name]),) * 2),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if "Operation not permitted" in done.stderr:
        pytest.skip(done.stderr)

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("numgen inc") == table(*CASES[name]).count("numgen inc")
