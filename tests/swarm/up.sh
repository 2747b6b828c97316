#!/usr/bin/env bash
# up.sh DIR [OPTION…]: a real one-node swarm on a dockerd of its own, in network and mount namespaces of its own,
# with all its state under DIR (short: unix sockets allow 107 bytes). Prints the engine's address.
# down.sh's part: `up.sh --down DIR`.
set -euo pipefail
down=""; [ "$1" = --down ] && { down=1; shift; }
D=${1:?DIR}; shift; NS=sf-$(printf %s "$D" | cksum | cut -d' ' -f1)
answers() { curl -sf --unix-socket "$D/d.sock" http://d/_ping >/dev/null 2>&1; }
if [ -n "$down" ]; then
    if [ -f "$D/d.pid" ]; then
        pid=$(cat "$D/d.pid"); kill "$pid" 2>/dev/null || true
        for _ in $(seq 150); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -9 "$pid" 2>/dev/null || true
    fi
    pkill -9 -f "$D/exec" 2>/dev/null || true
    ip netns delete "$NS" 2>/dev/null || true
    rm -rf "$D" 2>/dev/null || true
    exit 0
fi
mkdir -p "$D"
if ! answers; then
    ip netns list | grep -qw "$NS" || ip netns add "$NS"
    nsenter --net="/run/netns/$NS" ip link set lo up
    echo '{}' >"$D/daemon.json"
    rm -f "$D/d.sock" "$D/d.pid"
    # dockerd looks at /sys/class/net: a sysfs of this network namespace, with the host's cgroups under it.
    nsenter --net="/run/netns/$NS" setsid unshare -m --propagation slave bash -c 'set -e; D=$0
        mkdir -p "$D/cg"; mount --rbind /sys/fs/cgroup "$D/cg"; mount -t sysfs sysfs /sys
        mount --rbind "$D/cg" /sys/fs/cgroup; umount -l "$D/cg"
        exec dockerd --config-file "$D/daemon.json" --host "unix://$D/d.sock" --data-root "$D/data" \
            --exec-root "$D/exec" --pidfile "$D/d.pid" --exec-opt native.cgroupdriver=cgroupfs \
            --cgroup-parent "/$1" --log-level warn "${@:2}"' "$D" "$NS" "$@" >"$D/log" 2>&1 </dev/null &
    for _ in $(seq 300); do answers && break; sleep 0.1; done
    answers || { tail -n 5 "$D/log" >&2; exit 1; }
fi
echo "unix://$D/d.sock"
