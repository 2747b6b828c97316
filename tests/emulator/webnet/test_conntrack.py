from ipaddress import IPv4Address

from stackferry.emulator.webnet.conntrack import Flow, flows

LISTING = """\
udp      17 29 src=10.0.0.2 dst=10.0.0.128 sport=50818 dport=53 src=10.0.0.128 dst=10.0.0.2 sport=53 dport=50818 use=1
tcp 6 119 TIME_WAIT src=10.0.0.2 dst=10.0.0.129 sport=43 dport=80 src=10.0.0.4 dst=10.0.0.128 sport=80 dport=43 use=1
tcp 6 99 ESTABLISHED src=10.0.0.2 dst=10.0.0.129 dport=80 bytes=500 src=10.0.0.5 dst=10.0.0.128 dport=4 bytes=700
icmp     1 29 src=10.0.0.2 dst=10.0.0.129 type=8 code=0 id=7 src=10.0.0.129 dst=10.0.0.2 type=0 code=0 id=7 use=1
conntrack v1.4.7 (conntrack-tools): 3 flow entries have been shown.
"""


def test_a_listing() -> None:
    found = flows(LISTING)

    client, vip = IPv4Address("10.0.0.2"), IPv4Address("10.0.0.129")
    assert found[1:] == (
        Flow("tcp", "TIME_WAIT", client, vip, 80, IPv4Address("10.0.0.4")),
        Flow("tcp", "ESTABLISHED", client, vip, 80, IPv4Address("10.0.0.5"), 500, 700),
    )
    assert [one.live for one in found] == [True, False, True]
    assert found[0].backend == IPv4Address("10.0.0.128")
