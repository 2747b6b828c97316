"""The scripts that run in the pod with the claim, in any POSIX shell with the usual small tools. Pure: texts.

Below the claim's root are `data`, which the services see, the marker `.stackferry/copied`, and `.stackferry/copy`:

base     the listing of the last copy
next     the listing of the copy in progress
new-…    its files that have arrived, named by the checksum of the whole copy
sums     SHA-256 of the files in there, for `sha256sum -c`; `verify` runs that
apply    the moves that bring the files into place
ready    everything has arrived and is correct: from now on any later run completes `apply`

`verify` and `apply` run at the claim's root. So a copy that was killed at any point goes on, and `data` never holds
a file that has arrived only in part.
"""

from collections.abc import Iterable

from stackferry.translator.volumes.filling.scripts import CLAIM, COPIED
from stackferry.translator.volumes.persistent_volume_claim import DATA, STATE

COPY = f"{STATE}/copy"
"""Where everything of a copy except its data lies, below the claim's root."""
USED, EMPTY = "used", "empty"

IDLE = """\
trap 'exit 0' TERM
quiet=0
while [ $quiet -lt 12 ]; do
  sleep 5 & wait $!
  set -- /proc/[0-9]*
  if [ $# -gt 1 ]; then quiet=0; else quiet=$((quiet + 1)); fi
done
"""
"""The pod's own process: it ends once nothing else has run in the pod for a minute."""

BEGIN = f"""\
set -eu
cd {CLAIM}
mkdir -p {COPY}
if [ -e {COPY}/ready ]; then sh {COPY}/apply >&2; fi
for each in next sums verify verified apply look; do rm -f {COPY}/$each; done
for each in {COPY}/new-*; do if [ "$each" != "{COPY}/$1" ]; then rm -rf "$each"; fi; done
if [ -n "$(ls -A {DATA} 2>/dev/null)" ]; then echo {USED}; else echo {EMPTY}; fi
if [ -e {COPY}/base ]; then echo base; cat {COPY}/base; fi
"""
"""Complete a copy that was killed, then print the claim's state. `$1`: the folder of the next copy."""

STAGED = f"""\
cd {CLAIM}/{COPY}/"$1" 2>/dev/null || exit 0
find . -type f -exec stat -c '%s %n' {{}} +
"""
"""Print the sizes and paths of the files that have already arrived in the folder `$1`."""

RECEIVE = f"""\
set -eu
umask 0
cd {CLAIM}/{COPY}
head -c "$1" | tar -xf -
: all of it
"""
"""Unpack `$1` bytes of the standard input."""

FINISH = f"""\
set -eu
cd {CLAIM}
if [ ! -e {COPY}/ready ]; then
  sh {COPY}/verify || {{ rm -rf {COPY}/new-*; exit 4; }}
  : > {COPY}/ready
fi
sh {COPY}/apply
"""
"""Verify that everything has arrived, and move it into place. Prints `kept` for each path that something else has."""

NOTHING_NEW = f"""\
set -eu
cd {CLAIM}
rm -rf {COPY}/new-*
: > {COPIED}
"""
"""Write only the marker, for a claim that is up to date or is left as it is."""

LOOK = f"""\
set -eu
cd {CLAIM}/{COPY}
head -c "$1" > look
cd {CLAIM}
sh {COPY}/look
rm -f {COPY}/look
"""
"""Run a script of `states.looked`, of `$1` bytes, from the standard input."""


def staging(checksum: str) -> str:
    """The folder in which copied files arrive."""
    return f"new-{checksum[:16]}"


def encoded(lines: Iterable[str]) -> bytes:
    """A script or a list as bytes; the bytes of names are kept."""
    return "".join(lines).encode("utf-8", "surrogateescape")
