import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

import pytest

from stackferry.emulator.webnet.image import SCRIPT
from stackferry.emulator.webnet.nftables import (
    Backend,
    Balanced,
    Forward,
    Returning,
    hurried,
    returns,
    table,
    turns,
    whole,
)

TASKS = tuple(Backend(IPv4Address(f"10.0.0.{one}"), f"t{one}") for one in (2, 3, 4))
BALANCED = (Balanced(IPv4Address("10.0.0.129"), "web", TASKS), Balanced(IPv4Address("10.0.0.130"), "idle"))
FORWARDS = (Forward(8080, "tcp", 80, TASKS), Forward(53, "udp", 5353, TASKS[:1]), Forward(9999, "tcp", 9, ()))

TASKS6 = tuple(replace(one, address6=IPv6Address(f"fd00::{one.address.packed[3]}")) for one in TASKS)
BALANCED6 = tuple(
    replace(one, backends=TASKS6[: len(one.backends)], vip6=IPv6Address(f"fd00::ffff:a00:{one.vip.packed[3]:x}"))
    for one in BALANCED
)
FORWARDS6 = (Forward(8080, "tcp", 80, TASKS6),)

CASES = {
    "ipv6": (BALANCED6, FORWARDS6),
    "vips": (BALANCED, ()),
    "ports": ((), FORWARDS),
    "both": (BALANCED, FORWARDS),
    "nothing": ((), ()),
}


def test_who_gets_what() -> None:
    text = turns(*CASES["both"])

    assert "vip_10_0_0_129 meta l4proto { tcp, udp, sctp } dnat to numgen inc mod 3 map" in text
    assert "port_tcp_8080 meta l4proto tcp dnat ip addr . port to numgen inc mod 3 map { 0 : 10.0.0.2 . 80, " in text
    assert "10_0_0_130" not in text
    assert "9999" not in text


def test_of_two_that_publish_a_port_the_first_has_it() -> None:
    text = turns((), (FORWARDS[0], Forward(8080, "tcp", 81, TASKS)))

    assert text.count("port_tcp_8080") == 1
    assert ". 80," in text


def in_a_namespace(script: str) -> str:
    """What a script prints in a network of its own, with an empty /run."""
    if shutil.which("unshare") is None or shutil.which("nft") is None:
        pytest.skip("no nft here")
    command = ["unshare", "-n", "-m", "sh", "-c", f"mount -t tmpfs tmpfs /run && {script}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if "Operation not permitted" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", CASES)
def test_nft_takes_it(name: str) -> None:
    text = whole(*CASES[name])

    # Twice: the second time there is one already.
    listed = in_a_namespace(f"nft -f - <<E && nft -f - <<F && nft list ruleset\n{text}E\n{text}F\n")

    assert listed.count("numgen inc") == text.count("numgen inc")


def fewer(balanced: Balanced) -> Balanced:
    return Balanced(balanced.vip, balanced.service, balanced.backends[:1])


ROADS: dict[str, Sequence[str]] = {
    "from nothing and back": ("nothing", "both", "nothing", "vips", "ports", "both"),
    "the same again": ("both", "both"),
    "one service changes": ("vips", "one left", "nobody left", "vips"),
}
STATES = CASES | {"one left": (tuple(map(fewer, BALANCED)), FORWARDS[:1]), "nobody left": (BALANCED[1:], FORWARDS[2:])}


def in_force(folder: Path, name: str) -> str:
    """The command that puts the rules of a state in force, which is written to a folder."""
    folder.mkdir()
    (folder / "table").write_text(table(*STATES[name]))
    (folder / "turns").write_text(turns(*STATES[name]))
    return f"busybox sh -c '. {SCRIPT}; rules {folder}' sh true"


@pytest.mark.parametrize("road", ROADS)
def test_a_gate_comes_from_any_rules_to_any_others(road: str, tmp_path: Path) -> None:
    """As if they had been the first; counters stay when their tasks go."""
    steps = [
        f"{in_force(tmp_path / str(number), name)} && echo == && nft list table ip stackferry"
        for number, name in enumerate(ROADS[road])
    ]
    fresh = [f"nft delete table ip stackferry; nft -f - <<E\n{whole(*STATES[name])}E\n" for name in ROADS[road]]
    again = "".join(f"{one}echo ==; nft list table ip stackferry\n" for one in fresh)

    found, expected = in_a_namespace(" && ".join(steps)), in_a_namespace(f"nft add table ip stackferry\n{again}")

    assert [rules(one) for one in found.split("==")] == [rules(one) for one in expected.split("==")]


def test_after_a_hurry_the_rest_follows(tmp_path: Path) -> None:
    names = ("both", "nobody left")
    chains, text = hurried(turns(*STATES[names[0]]), turns(*STATES[names[1]]))
    steps = [in_force(tmp_path / str(number), name) for number, name in enumerate(names)]
    (tmp_path / "input").write_text(f"hurry {len(text)} {' '.join(chains)}\n{text}")
    hurry = f"busybox sh {SCRIPT} control <{tmp_path / 'input'} && echo == && nft list table ip stackferry && echo =="

    said, at_once, then = in_a_namespace(f"{steps[0]} && {hurry} && {steps[1]} && nft list table ip stackferry").split(
        "=="
    )

    assert said == "= 0\n"
    assert "numgen" not in at_once
    assert at_once.count("chain vip_10_0_0_129 {") == 1
    # Nobody answers there any more, and nothing of it is left.
    assert "vip_10_0_0_129" not in then


def rules(listing: str) -> set[str]:
    """The chains of a listing without its counters; in what order they were made is nobody's business."""
    return {" ".join(chain.split()) for chain in re.findall(r"\tchain [^\t]*\{\n.*?\n\t\}", listing, re.DOTALL)}


def test_what_is_gone_is_taken_out_of_the_chains_before_the_rest() -> None:
    before = turns(*CASES["both"])
    left = tuple(Balanced(one.vip, one.service, one.backends[1:]) for one in BALANCED)

    assert hurried(before, before) == ((), "")
    chains, rules = hurried(before, turns(left, FORWARDS[:1]))
    assert chains == ("vip_10_0_0_129", "port_udp_53")
    assert rules.splitlines() == [
        "flush chain ip stackferry vip_10_0_0_129",
        "flush chain ip stackferry port_udp_53",
        f"add rule ip stackferry {turns(left, ()).removeprefix('ip ').strip()}",
    ]


def test_what_has_ipv6_is_there_in_both_families() -> None:
    text = table(BALANCED6, FORWARDS6, None, IPv6Network("fd00::/64"))
    before, after = turns(BALANCED6, FORWARDS6), turns(BALANCED6[:1], ())

    assert "numgen inc mod 3 map { 0 : fd00::2, 1 : fd00::3, 2 : fd00::4 }" in before
    assert "dnat ip6 addr . port to numgen inc mod 3 map { 0 : fd00::2 . 80, " in before
    assert "add rule ip6 stackferry arriving ip6 saddr != fd00::/64 return" in text
    assert "ip saddr" not in text
    assert "add rule ip6 stackferry nobody ip6 daddr { fd00::ffff:a00:81, fd00::ffff:a00:82 }" in text
    chains, _ = hurried(before, after)
    assert chains == ("port_tcp_8080", "port6_tcp_8080")


def test_a_port_whose_tasks_have_no_ipv6_is_forwarded_by_ipv4_alone() -> None:
    text = turns(BALANCED6, FORWARDS[:1])

    assert ("ip port_tcp_8080" in text, "port6_tcp_8080" in text) == (True, False)


SUBNET = IPv4Network("10.0.0.0/24")
RETURNING = (Returning(TASKS[0].address, ("tcp", "udp", "sctp")), Returning(TASKS[1].address, ("tcp",)))


def test_who_is_masqueraded() -> None:
    text = table((), FORWARDS, subnet=SUBNET, returning=RETURNING)

    assert re.findall(r"add element .*|add rule ip stackferry leaving .*", text) == [
        "add element ip stackferry returning { 10.0.0.2 . tcp, 10.0.0.2 . udp, 10.0.0.2 . sctp, 10.0.0.3 . tcp }",
        "add rule ip stackferry leaving ct status dnat ip saddr 10.0.0.0/24 masquerade",
        "add rule ip stackferry leaving ct status dnat ip daddr . meta l4proto != @returning masquerade",
    ]


def test_who_asks_by_ipv6_is() -> None:
    tasks = (Backend(TASKS[0].address, "t2", IPv6Address("fd00::2")),)
    text = table((), (Forward(8080, "tcp", 80, tasks),), subnet=SUBNET, returning=RETURNING[:1])

    assert "add rule ip6 stackferry leaving ct status dnat masquerade\n" in text
    assert "ip6 stackferry returning" not in text


def test_without_a_subnet_everybody_is() -> None:
    text = table((), FORWARDS)

    assert "add rule ip stackferry leaving ct status dnat masquerade\n" in text
    assert "add element" not in text
    # What was there is there no more.
    assert "flush set ip stackferry returning\n" in text
    assert "returning" not in table(BALANCED, ())


def test_an_address_is_out_of_the_set_before_another_task_may_have_it() -> None:
    assert returns(RETURNING, RETURNING) == returns((), RETURNING) == ""
    assert returns(RETURNING, ()) == "flush set ip stackferry returning\n"
    assert returns(RETURNING, RETURNING[1:]) == (
        "flush set ip stackferry returning\nadd element ip stackferry returning { 10.0.0.3 . tcp }\n"
    )


def test_nft_takes_the_set_and_what_hurries() -> None:
    text = f"{whole((), FORWARDS)}{table((), FORWARDS, subnet=SUBNET, returning=RETURNING)}"
    chains, rules = hurried(turns((), FORWARDS), turns((), [replace_backends(one, TASKS[1:]) for one in FORWARDS]))
    soon = rules + returns(RETURNING, RETURNING[1:])

    twice = f"nft -f - <<E && nft -f - <<F\n{text}E\n{text}F\n"
    listed = in_a_namespace(f"{twice}nft -f - <<E && nft list ruleset\n{soon}E\n")

    assert len(chains) == 2
    assert re.search(r"elements = \{ 10\.0\.0\.3 \. tcp \}", listed), listed
    assert listed.count("masquerade") == 2


def replace_backends(forward: Forward, backends: tuple[Backend, ...]) -> Forward:
    return Forward(forward.published, forward.protocol, forward.target, backends if forward.backends else ())
