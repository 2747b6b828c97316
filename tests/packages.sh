#!/usr/bin/env bash
# Installs the Debian packages of commands that are missing, or says what to install: packages.sh NAME COMMAND=PACKAGE…
# Ends with 0 also when there is no way: the tests of NAME then skip and say why.
set -uo pipefail
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
name=$1

say() { echo "$name: $*" >&2; }

missing=()
for need in "${@:2}"; do
    command -v "${need%%=*}" >/dev/null || missing+=("${need#*=}")
done
((${#missing[@]})) || exit 0
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
exit 0
