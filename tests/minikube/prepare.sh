#!/usr/bin/env bash
# Makes everything that tests/minikube needs: Debian's packages (as root), then what prepare.py makes. prepare.sh PYTHON
# Ends with 0 also when there is no way: the tests then skip and say why.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
tests/packages.sh minikube mmdebstrap=mmdebstrap mksquashfs=squashfs-tools xorriso=xorriso ip=iproute2 \
    busybox=busybox-static
"$1" tests/minikube/prepare.py
