# shellcheck shell=bash disable=SC2034
# Sourced by up.sh, down.sh and node.sh: names, addresses, and how a process is started. session.py sets RUN (the
# folder of one cluster) and, for a start, PROGRAMS, ADDONS and IMAGES (folders); a stop needs RUN alone.
RUN=${RUN:?folder of the cluster}
PKI=$RUN/pki LOG=$RUN/log PID=$RUN/pid
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The ranges of pods and services are the usual ones. The rest is nobody else's. API_PORT, ETCD_PORT and PEER_PORT are
# free ports that session.py found, for level api.
NODE=node1 HOST_IP=10.211.7.1 NODE_IP=10.211.7.2 # the two ends of the link between host and node
LINK=sf-cluster
CGROUP=/stackferry-cluster                      # everything of the node is below it
POD_CIDR=10.244.0.0/24 SERVICE_CIDR=10.96.0.0/16 DNS_IP=10.96.0.10
PATIENCE=${PATIENCE:-300}                       # seconds for whatever is awaited: the machine may be busy

# start NAME COMMAND...: in the background, its log and its pid kept
start() {
    local name=$1
    shift
    "$@" >"$LOG/$name.log" 2>&1 </dev/null &
    echo $! >"$PID/$name"
}

# await WHAT COMMAND...: try until it succeeds, or the process WATCHED has ended
await() {
    local end=$((SECONDS + PATIENCE)) what=$1
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || { echo "timed out: $what" >&2; return 1; }
        [[ -z ${WATCHED-} ]] || kill -0 "$WATCHED" || { echo "ended at once: $what" >&2; return 1; }
        sleep 0.1
    done
}

start_etcd() { # CLIENT_PORT PEER_PORT
    start etcd "$PROGRAMS/etcd" --name default --data-dir "$RUN/etcd" --unsafe-no-fsync --log-level warn \
        --listen-client-urls "http://127.0.0.1:$1" --advertise-client-urls "http://127.0.0.1:$1" \
        --listen-peer-urls "http://127.0.0.1:$2" --initial-advertise-peer-urls "http://127.0.0.1:$2" \
        --initial-cluster "default=http://127.0.0.1:$2"
}

# The flags of a kubeadm control plane, less those that only move files. Node ports are the default 30000-32767,
# unless a flag says otherwise.
start_apiserver() { # ADDRESS PORT ETCD_PORT FLAGS...
    start kube-apiserver "$PROGRAMS/kube-apiserver" --etcd-servers "http://127.0.0.1:$3" \
        --bind-address "$1" --advertise-address "$1" --secure-port "$2" \
        --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key" \
        --client-ca-file "$PKI/ca.crt" --authorization-mode Node,RBAC \
        --enable-admission-plugins NodeRestriction --allow-privileged=true \
        --service-cluster-ip-range "$SERVICE_CIDR" \
        --service-account-issuer https://kubernetes.default.svc.cluster.local \
        --service-account-key-file "$PKI/sa.pub" --service-account-signing-key-file "$PKI/sa.key" \
        --kubelet-client-certificate "$PKI/kubelet-client.crt" --kubelet-client-key "$PKI/kubelet-client.key" \
        --kubelet-preferred-address-types InternalIP,Hostname \
        --proxy-client-cert-file "$PKI/front-proxy.crt" --proxy-client-key-file "$PKI/front-proxy.key" \
        --requestheader-client-ca-file "$PKI/ca.crt" --requestheader-allowed-names front-proxy-client \
        --requestheader-extra-headers-prefix X-Remote-Extra- --requestheader-group-headers X-Remote-Group \
        --requestheader-username-headers X-Remote-User "${@:4}"
}

# No leader election, and not the usual limit of 20 requests a second: seconds off the start.
start_controller() { # NAME FLAGS...
    local name=$1 config=$PKI/$1.kubeconfig
    shift
    start "kube-$name" "$PROGRAMS/kube-$name" --kubeconfig "$config" \
        --authentication-kubeconfig "$config" --authorization-kubeconfig "$config" --bind-address 127.0.0.1 \
        --leader-elect=false --kube-api-qps 1000 --kube-api-burst 1000 "$@"
}

start_controllers() {
    start_controller controller-manager --use-service-account-credentials=true --root-ca-file "$PKI/ca.crt" \
        --service-account-private-key-file "$PKI/sa.key" --requestheader-client-ca-file "$PKI/ca.crt" \
        --cluster-signing-cert-file "$PKI/ca.crt" --cluster-signing-key-file "$PKI/ca.key" \
        --cluster-cidr "${POD_CIDR%/*}/16" --service-cluster-ip-range "$SERVICE_CIDR" --allocate-node-cidrs=true
    start_controller scheduler
}

kc() { "$PROGRAMS/kubectl" --kubeconfig "$PKI/admin.kubeconfig" "$@"; }
