#!/usr/bin/env bash
# A Docker Engine for the tests: the one that answers, else one that is installed (Debian) and started here, as root.
# Never touches an engine that runs. Idempotent. Says what it does on stderr, nothing if all is there.
# Ends with 0 also when there is no way: tests that need an engine then skip and say why.
set -uo pipefail

host=${DOCKER_HOST:-unix:///var/run/docker.sock}
state=${STACKFERRY_ENGINE_STATE:-/var/lib/stackferry-test}
log=$state/dockerd.log
# command=package
needs=(dockerd=docker.io busybox=busybox-static nft=nftables dnsmasq=dnsmasq-base conntrack=conntrack ip=iproute2
    iptables=iptables curl=curl)
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { echo "engine: $*" >&2; }

give_up() {
    say "$*; tests that need a Docker Engine will skip"
    exit 0
}

answers() {
    case $host in
        unix://*) curl -fs -m 5 --unix-socket "${host#unix://}" http://engine/_ping >/dev/null 2>&1 ;;
        tcp://*) curl -fs -m 5 "http://${host#tcp://}/_ping" >/dev/null 2>&1 || docker version >/dev/null 2>&1 ;;
        *) docker version >/dev/null 2>&1 ;;
    esac
}

missing=()
for need in "${needs[@]}"; do
    command -v "${need%%=*}" >/dev/null || missing+=("${need#*=}")
done

# An engine that answers needs no dockerd of ours.
if answers; then
    kept=()
    for package in "${missing[@]}"; do [[ $package == docker.io ]] || kept+=("$package"); done
    missing=("${kept[@]}")
    ((${#missing[@]})) || exit 0
fi

if ((${#missing[@]})); then
    how="apt-get install -y ${missing[*]}"
    ((EUID == 0)) || give_up "missing ${missing[*]}; as root: $how"
    command -v apt-get >/dev/null || give_up "missing ${missing[*]}, and this is no Debian: install them by hand"
    say "$how"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/tmp/stackferry-apt.log 2>&1 ||
        give_up "that failed, see /tmp/stackferry-apt.log"
fi

if answers; then exit 0; fi
[[ $host == unix:///var/run/docker.sock ]] || give_up "no engine answers at DOCKER_HOST=$host"
((EUID == 0)) || give_up "no engine answers, and only root can start one: sudo tests/engine/up.sh, or put yourself into the group docker"

# Two of these at once (parallel checkouts) start one engine.
mkdir -p "$state"
exec 9>"$state/lock"
flock 9
if ! answers; then
    # A pid file left by a crash blocks the start once its number is in use again.
    if [[ -f /var/run/docker.pid ]] && [[ $(cat "/proc/$(</var/run/docker.pid)/comm" 2>/dev/null) != dockerd ]]; then
        rm -f /var/run/docker.pid
    fi
    say "starting dockerd, log in $log"
    setsid nohup dockerd >>"$log" 2>&1 </dev/null 9>&- &
    dockerd=$!
    for ((try = 0; try < 300; try++)); do
        answers && exit 0
        kill -0 "$dockerd" 2>/dev/null || break
        sleep 0.1
    done
    answers || give_up "dockerd did not come up, see $log: $(grep -v level=info "$log" | tail -n 1)"
fi
