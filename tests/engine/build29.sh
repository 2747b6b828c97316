#!/usr/bin/env bash
# build29.sh BIN_DIR: build an engine of the v29 line with what it needs of Debian. Go 1.26 and gcc must be there.
#
# Without libseccomp's headers the build takes Debian's runc, which is older than what the new engine asks of it
# (`namespace {"time" ""} does not exist`): no container starts.
set -euo pipefail
bin=$1
tool=$(cd "$(dirname "$0")/../.." && pwd)/../shared/tools/engine/build.sh

[[ -x $tool ]] || { echo "engine29: no $tool here: it comes with the workplace, not with this repository" >&2; exit 1; }
if ! pkg-config --exists libseccomp; then
    ((EUID == 0)) || { echo "engine29: install pkg-config and libseccomp-dev first, or run this as root" >&2; exit 1; }
    apt-get install -y -q pkg-config libseccomp-dev || { apt-get update -q && apt-get install -y -q pkg-config libseccomp-dev; }
fi
[[ ! -L $bin/runc ]] || rm "$bin/runc"
"$tool" "$bin"
