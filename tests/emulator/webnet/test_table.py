import shutil
import subprocess
from ipaddress import IPv4Address

import pytest

from emulator.webnet.table import Backend, Balanced, Forward, table

TASKS = tuple(Backend(IPv4Address(f"10.0.0.{one}"), f"t{one}") for one in (2, 3, 4))
BALANCED = (Balanced(IPv4Address("10.0.0.129"), "web", TASKS), Balanced(IPv4Address("10.0.0.130"), "idle"))
FORWARDS = (Forward(8080, "tcp", 80, TASKS), Forward(53, "udp", 5353, TASKS[:1]), Forward(9999, "tcp", 9, ()))

CASES = {"vips": (BALANCED, ()), "ports": ((), FORWARDS), "both": (BALANCED, FORWARDS), "nothing": ((), ())}


def test_who_gets_what() -> None:
    text = table(*CASES["both"])

    assert "ip daddr 10.0.0.129 meta l4proto { tcp, udp, sctp } dnat to numgen inc mod 3 map" in text
    assert "tcp dport 8080 dnat ip addr . port to numgen inc mod 3 map { 0 : 10.0.0.2 . 80, " in text
    assert "10.0.0.130 meta" not in text
    assert "9999" not in text


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
