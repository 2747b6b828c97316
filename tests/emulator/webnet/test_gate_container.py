import io
import tarfile
from dataclasses import replace
from ipaddress import IPv4Address

from stackferry.emulator.webnet.dns import Entry, HostName, Resolver
from stackferry.emulator.webnet.gate_container import SHAPE, gate_body, hardware_address, state_archive, sysctls
from stackferry.emulator.webnet.gate_state import Binding, GateState
from stackferry.emulator.webnet.nftables import Backend, Balanced

ADDRESS, VIP = IPv4Address("10.0.0.128"), IPv4Address("10.0.0.129")
GATE = GateState("s.gate.s_a", "s_a", "s_a", ADDRESS, balanced=(Balanced(VIP, "s_web"),))
INGRESS = GateState("s_web.ingress", "s_a", "s_web", bindings=(Binding(80, "tcp"), Binding(80, "udp", "127.0.0.1")))


def test_a_gate_has_few_rights() -> None:
    body = gate_body(GATE, "s", "image", {})

    host = body["HostConfig"]
    assert (host["CapDrop"], host["CapAdd"]) == (["ALL"], ["NET_ADMIN", "NET_BIND_SERVICE", "SETUID", "SETGID"])
    assert host["ReadonlyRootfs"]
    assert host["Mounts"] == [{"Type": "volume", "Target": "/state"}]
    assert "PortBindings" not in host
    assert body["MacAddress"] == hardware_address(ADDRESS) == "02:42:0a:00:00:80"
    assert body["NetworkingConfig"]["EndpointsConfig"]["s_a"]["IPAMConfig"] == {"IPv4Address": "10.0.0.128"}
    assert body["Labels"]["io.stackferry.stack"] == "s"
    assert body["Labels"]["io.stackferry.gate"] == "s_a"


def test_a_published_services_gate_binds_its_ports() -> None:
    assert gate_body(INGRESS, "s", "image", {})["HostConfig"]["PortBindings"] == {
        "80/tcp": [{"HostIp": "", "HostPort": "80"}],
        "80/udp": [{"HostIp": "127.0.0.1", "HostPort": "80"}],
    }


def test_only_what_is_fixed_is_its_shape() -> None:
    def shape(state: GateState, image: str = "image") -> str:
        return gate_body(state, "s", image, {})["Labels"][SHAPE]

    busy = replace(GATE, balanced=(Balanced(VIP, "s_web", (Backend(IPv4Address("10.0.0.2"), "t"),)),))
    assert shape(busy) == shape(GATE)
    assert len({shape(GATE), shape(INGRESS), shape(GATE, "other"), shape(replace(INGRESS, outside="s_ingress"))}) == 4
    assert shape(replace(INGRESS, network="s_b", outside="o")) != shape(replace(INGRESS, network="s_a", outside="o"))


def test_the_archive_of_a_state() -> None:
    resolver = Resolver(ADDRESS, entries=(Entry(VIP, (HostName("web"),)),), own=(HostName("tasks.web"),))
    archive = state_archive(replace(GATE, resolvers=(resolver,)), {IPv4Address("10.0.0.9")}, [IPv4Address("10.0.0.7")])

    with tarfile.open(fileobj=io.BytesIO(archive)) as found:
        files = {one.name: found.extractfile(one).read().decode() for one in found if one.name != "table"}
    assert files == {
        "turns": "",
        "relays": "",
        "addresses": "10.0.0.129\n",
        "dead": "10.0.0.9\n",
        "fresh": "10.0.0.7\n",
        "resolvers/10.0.0.128/servers": "server=/tasks.web/\nserver=//\nserver=127.0.0.11\n",
        "resolvers/10.0.0.128/names": "10.0.0.129 web\n",
    }


def test_time_outs() -> None:
    found = sysctls({"STACKFERRY_TCP_IDLE": "900", "STACKFERRY_UDP_IDLE": "soon"})

    assert found == {
        "net.netfilter.nf_conntrack_acct": "1",
        "net.netfilter.nf_conntrack_tcp_timeout_established": "900",
        "net.netfilter.nf_conntrack_tcp_timeout_time_wait": "70",
    }
