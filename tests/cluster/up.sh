#!/usr/bin/env bash
# Starts a cluster from what build.py made; session.py calls it: up.sh api|node
#   api   etcd and kube-apiserver on 127.0.0.1: what is accepted. No root needed.
#   node  a whole node in namespaces of its own, reached at NODE_IP: pods run. Root.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib.sh"
level=$1
mkdir -p "$LOG" "$PID"
echo "$level" >"$RUN/level"

if [[ $level == node ]]; then
    bash "$HERE/pki.sh" "$PKI" "$NODE_IP" 6443 "$NODE"
    ip link del "$LINK" 2>/dev/null || true
    # --kill-child: no node without its unshare.
    export RUN PROGRAMS ADDONS IMAGES PATIENCE
    setsid unshare --mount --net --pid --uts --fork --mount-proc --kill-child \
        bash "$HERE/node.sh" >"$LOG/init.log" 2>&1 </dev/null &
    holder=$!
    echo $holder >"$PID/holder"
    WATCHED=$holder
    await "the node's init" grep -q . "/proc/$holder/task/$holder/children"
    init=$(awk '{print $1}' "/proc/$holder/task/$holder/children")
    echo "$init" >"$PID/init"
    ip link add "$LINK" type veth peer name uplink netns "$init"
    ip addr add "$HOST_IP/30" dev "$LINK"
    ip link set "$LINK" up
    await "the node's programs" test -e "$RUN/started"
else
    bash "$HERE/pki.sh" "$PKI" 127.0.0.1 "$API_PORT" "$NODE"
    start_etcd "$ETCD_PORT" "$PEER_PORT"
    start_apiserver 127.0.0.1 "$API_PORT" "$ETCD_PORT"
    # shellcheck disable=SC2034 # await reads it
    WATCHED=$(cat "$PID/kube-apiserver")
fi
await "kube-apiserver" kc get --raw /readyz

if [[ $level == node ]]; then
    await "the default service account" kc get serviceaccount default
    kc apply --server-side -f "$HERE/node/reserved.yaml" >/dev/null # before any Service is given a port
    kc apply --server-side -f "$HERE/node/storage.yaml" -f "$HERE/node/coredns.yaml" >/dev/null
    await "the node's registration" kc get node "$NODE" # `wait` fails at once on what is not there
    kc wait --for=condition=Ready --timeout="${PATIENCE}s" "node/$NODE" >/dev/null
    kc -n kube-system rollout status --timeout="${PATIENCE}s" deployment/coredns >/dev/null
fi
kc apply --server-side -f "$GATEWAY" >/dev/null
