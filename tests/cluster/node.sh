#!/usr/bin/env bash
# PID 1 of the node: up.sh starts it in mount, network, pid and uts namespaces of its own. When it ends, the kernel
# ends every process and mount of the node.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib.sh"
hostname "$NODE"

# 1 mounts, private to this namespace
mount --make-rshared /
mount -t tmpfs -o mode=755 tmpfs /run # sockets of containerd and its shims, network namespaces
mkdir -p /run/lock /run/containerd "$RUN"/{kubelet,podlogs,containerd,cni,volumes}
mount -t tmpfs -o mode=755 tmpfs /var/log # kubelet writes /var/log/containers, whatever it is told
echo "nameserver $HOST_IP" >"$RUN/resolv.conf"

# 2 cgroups v1: one parent in every hierarchy; kubelet makes kubepods below it
for hierarchy in /sys/fs/cgroup/*/; do
    mountpoint -q "$hierarchy" || continue
    mkdir -p "$hierarchy$CGROUP"
    for file in cpuset.cpus cpuset.mems; do # a new cpuset is empty until told
        [[ ! -f $hierarchy$file ]] || cat "$hierarchy$file" >"$hierarchy$CGROUP/$file"
    done
done

# 3 network: up.sh has moved one end of a veth pair in here as "uplink"
ip link set lo up
await "the link to the host" ip link show uplink
ip addr add "$NODE_IP/30" dev uplink
ip link set uplink up
ip route add default via "$HOST_IP" # addresses of services want a route before they are rewritten
for setting in net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1 net.ipv4.conf.all.route_localnet=1 \
    net.ipv4.ip_unprivileged_port_start=0; do
    sysctl -qw "$setting" || true
done

# 4 control plane
start_etcd 2379 2380
# Any port may be published at its own number; node/reserved.yaml keeps those of the node itself.
start_apiserver "$NODE_IP" 6443 2379 --service-node-port-range=1-65535
await "kube-apiserver" kc get --raw /readyz
start_controllers

# 5 containerd, its images, the network of pods
config() { sed -e "s#@RUN@#$RUN#g; s#@ADDONS@#$ADDONS#g; s#@PKI@#$PKI#g; s#@NODE@#$NODE#g; s#@DNS_IP@#$DNS_IP#g" \
    -e "s#@CGROUP@#$CGROUP#g; s#@POD_CIDR@#$POD_CIDR#g; s#@PODS@#${POD_CIDR%/*}/16#g" "$HERE/node/$1"; }
config containerd.toml >"$RUN/containerd.toml"
config bridge.conflist >"$RUN/cni/10-bridge.conflist"
start containerd containerd --config "$RUN/containerd.toml"
await "containerd" ctr -a /run/containerd/containerd.sock version
for image in "$IMAGES"/*.tar; do
    ctr -a /run/containerd/containerd.sock -n k8s.io images import --no-unpack "$image" >/dev/null
done

# 6 what makes it a node
config kubelet.yaml >"$RUN/kubelet.yaml"
start kubelet "$PROGRAMS/kubelet" --config "$RUN/kubelet.yaml" --kubeconfig "$PKI/kubelet.kubeconfig" \
    --root-dir "$RUN/kubelet" --hostname-override "$NODE" --node-ip "$NODE_IP"
config proxy.yaml >"$RUN/proxy.yaml"
start kube-proxy "$PROGRAMS/kube-proxy" --config "$RUN/proxy.yaml"
start provisioner "$ADDONS/provisioner" -kubeconfig "$PKI/admin.kubeconfig" -dir "$RUN/volumes" -node "$NODE"

trap 'exit 0' TERM INT
touch "$RUN/started"
while :; do # PID 1 collects the orphans
    wait || true
    sleep 1
done
