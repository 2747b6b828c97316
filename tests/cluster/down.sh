#!/usr/bin/env bash
# Ends what up.sh started in RUN, also what a killed run left, and nothing else. The logs stay until the next start.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib.sh"
[[ -e $RUN/level ]] || exit 0

# ends PID WORD [SIGNAL]: only if it still is the process that was started, from whichever checkout
ends() {
    [[ -r /proc/$1/cmdline ]] && tr '\0' ' ' <"/proc/$1/cmdline" | grep -q -- "$2" || return 0
    kill "-${3:-TERM}" "$1" 2>/dev/null || return 0
    local try
    for ((try = 0; try < 200; try++)); do
        [[ -e /proc/$1 ]] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
}

if [[ $(cat "$RUN/level") == node ]]; then
    # With the init of the namespaces the kernel ends all processes of the node, then its mounts and links.
    for one in init holder; do
        [[ -s $PID/$one ]] && ends "$(cat "$PID/$one")" /tests/cluster/node.sh KILL
    done
    ip link del "$LINK" 2>/dev/null || true
    for hierarchy in /sys/fs/cgroup/*/; do # empty by now; innermost first
        [[ -d $hierarchy$CGROUP ]] || continue
        find "$hierarchy$CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
else
    for one in kube-apiserver etcd; do
        [[ -s $PID/$one ]] && ends "$(cat "$PID/$one")" "$PKI\|$RUN/etcd"
    done
fi
for one in etcd kubelet podlogs containerd cni volumes pki pid level started; do rm -rf "${RUN:?}/$one"; done
rm -f "$RUN"/*.yaml "$RUN"/*.toml "$RUN"/resolv.conf
