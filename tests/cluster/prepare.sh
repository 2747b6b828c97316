#!/usr/bin/env bash
# Makes everything that tests/cluster needs: Debian's packages (as root), the programs and the images. prepare.sh PYTHON
# Ends with 0 also when there is no way: the tests then skip and say why.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# command=package
needs=(containerd=containerd runc=runc iptables=iptables conntrack=conntrack ip=iproute2 busybox=busybox-static
    openssl=openssl)

say() { echo "cluster: $*" >&2; }

missing=()
for need in "${needs[@]}"; do
    command -v "${need%%=*}" >/dev/null || missing+=("${need#*=}")
done
if ((${#missing[@]})); then
    how="apt-get install -y ${missing[*]}"
    if ((EUID)); then
        say "missing ${missing[*]}; as root: $how"
    elif ! command -v apt-get >/dev/null; then
        say "missing ${missing[*]}, and this is no Debian: install them by hand"
    else
        say "$how"
        export DEBIAN_FRONTEND=noninteractive
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
            >/tmp/stackferry-apt.log 2>&1 || say "that failed, see /tmp/stackferry-apt.log"
    fi
fi

"$1" tests/cluster/build.py
"$1" tests/cluster/debian.py
