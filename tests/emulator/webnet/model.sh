# A model of one host in network namespaces, without any engine, for test_return_path.py; in a namespace of its own.
# $TMP is a folder, in which are the gate's `rules`; $HERE this folder; $RETURN and $HARDWARE as their names say.
set -eu
mount -t tmpfs tmpfs /run
mkdir /run/netns
mkdir -p "$TMP/bin"
for one in sh ip sed grep; do ln -sf /bin/busybox "$TMP/bin/$one"; done
sed "s#^PATH=.*#PATH=$TMP/bin:/usr/sbin:/usr/bin#" "$RETURN" >"$TMP/return.sh"

in_ns() { name=$1; shift; ip netns exec "$name" "$@"; }

joined() { # $1: name, $2: address, $3: bridge, $4: interface, $5: hardware
    ip netns list | grep -qw "$1" || ip netns add "$1"
    ip link add "$1$4" type veth peer name "$4" netns "$1"
    ip link set "$1$4" master "$3" up
    [ -z "${5-}" ] || ip -n "$1" link set "$4" address "$5"
    ip -n "$1" addr add "$2/24" dev "$4"
    ip -n "$1" link set "$4" up
}

filter() { in_ns "$1" sh -c "echo $2 >/proc/sys/net/ipv4/conf/all/rp_filter"; }

way_back() { in_ns t2 "$TMP/bin/sh" "$TMP/return.sh" "${1-10.0.0.2}" 10.0.0.128 "$HARDWARE" || true; }

ask() { # $1: from where
    if [ "$1" = host ]; then python3 -S -E "$HERE/peer.py" ask 198.51.100.1; else in_ns "$1" python3 -S -E "$HERE/peer.py" ask 198.51.100.1; fi
}

second_network() {
    ip link add br1 type bridge
    ip addr add 10.0.1.1/24 dev br1
    ip link set br1 up
    joined t2 10.0.1.2 br1 eth1
    ip -n t2 route replace default via 10.0.1.1
}

end() { # shellcheck disable=SC2086 # words on purpose
    kill $servers
}

ip link set lo up
ip link add br0 type bridge
ip addr add 10.0.0.1/24 dev br0
ip link set br0 up
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
joined gate 10.0.0.128 br0 eth0 "$HARDWARE"
in_ns gate sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
for one in 2 3; do joined "t$one" "10.0.0.$one" br0 eth0; done
for one in gate t2 t3; do ip -n "$one" link set lo up && ip -n "$one" route add default via 10.0.0.1; done
ip netns add client
ip link add outside type veth peer name eth0 netns client
ip addr add 198.51.100.1/24 dev outside
ip link set outside up
ip -n client addr add 198.51.100.9/24 dev eth0
ip -n client link set eth0 up
nft -f - <<END
table ip published {
    chain arriving { type nat hook prerouting priority dstnat; ip daddr 198.51.100.1 meta l4proto { tcp, udp } dnat to 10.0.0.128; }
    chain own { type nat hook output priority -100; ip daddr 198.51.100.1 meta l4proto { tcp, udp } dnat to 10.0.0.128; }
}
END
in_ns gate nft -f "$TMP/rules"
servers=
for one in t2 t3; do
    ip netns exec "$one" python3 -S -E "$HERE/peer.py" serve "$one" "$TMP/$one" &
    servers="$servers $!"
done
tries=0
until [ -e "$TMP/t2" ] && [ -e "$TMP/t3" ]; do
    [ $((tries += 1)) -lt 1000 ] || exit 1
    sleep 0.02
done
