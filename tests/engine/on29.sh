#!/usr/bin/env bash
# on29.sh COMMAND...: run a command against a Docker Engine of the v29 line that is started for it, and ended after it.
#
# The engine has a network namespace of its own; the command runs in there, so that it can dial published ports, and
# finds the engine by DOCKER_HOST. Binaries from $STACKFERRY_ENGINE29_BIN, by default .cache/engine29, where
# `make engine29` puts them. Where it cannot be started the command is not run: says why, and ends with 0.
set -euo pipefail
cd "$(dirname "$0")/../.."

bin=${STACKFERRY_ENGINE29_BIN:-.cache/engine29}
tools=../shared/tools/engine

skip() {
    echo "engine29: $*; skipped: $command" >&2
    exit 0
}

command=$*
[[ -x $bin/dockerd ]] || skip "no binaries in $bin (\`make engine29\` builds them, or set STACKFERRY_ENGINE29_BIN)"
[[ -x $tools/up.sh ]] || skip "no $tools/up.sh"
((EUID == 0)) || skip "only root can start an engine"

state=$(mktemp -d /tmp/sf29.XXXX) # short: a socket's path ends at 107 bytes
trap '"$tools/down.sh" "$state" --purge' EXIT
path=$PATH
eval "$("$tools/up.sh" "$bin" "$state")"
# The command keeps the programs of this machine: only the engine is another.
PATH=$path $ENGINE_ENTER "$@"
