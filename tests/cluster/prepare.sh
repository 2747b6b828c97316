#!/usr/bin/env bash
# Makes everything that tests/cluster needs: Debian's packages (as root), the programs and the images. prepare.sh PYTHON
# Ends with 0 also when there is no way: the tests then skip and say why.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
tests/packages.sh cluster containerd=containerd runc=runc iptables=iptables conntrack=conntrack ip=iproute2 \
    busybox=busybox-static openssl=openssl
"$1" tests/cluster/build.py node
"$1" tests/cluster/debian.py
