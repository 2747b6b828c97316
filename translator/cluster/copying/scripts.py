"""What runs in the pod that has a claim, by any POSIX shell with the usual small tools. Pure: texts.

Below the claim's root lie `data`, which the services see, the mark `.stackferry/copied`, and `.stackferry/copy`:

base     the listing of what was copied last
next     that of a copy that is under way
new-…    what has arrived of it, named by the checksum of it all
sums     SHA-256 of the files in there, for `sha256sum -c`; `verify` runs that
apply    the moves that bring it into its place
ready    all has arrived and is right: from now on `apply` is run to its end, by whoever comes next

`verify` and `apply` run at the claim's root. So a copy that was killed anywhere goes on, and nothing is in `data` that
has not arrived as a whole.
"""

from collections.abc import Iterable

from stackferry.translator.volumes.filling.scripts import CLAIM, COPIED
from stackferry.translator.volumes.persistent_volume_claim import DATA, STATE

COPY = f"{STATE}/copy"
"""Where all of a copy lies but its data, below the claim's root."""
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
"""What the pod does itself: it ends once nothing else has run in it for a minute."""

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
"""Say what is there, after a copy that was killed has been brought to its end. `$1`: the folder of the one to come."""

STAGED = f"""\
cd {CLAIM}/{COPY}/"$1" 2>/dev/null || exit 0
find . -type f -exec stat -c '%s %n' {{}} +
"""
"""The sizes and paths of what has arrived already of a copy in the folder `$1`."""

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
"""Look whether all has arrived, and bring it into its place. It says `kept` for each place that something else has."""

NOTHING_NEW = f"""\
set -eu
cd {CLAIM}
rm -rf {COPY}/new-*
: > {COPIED}
"""
"""Only the mark, for a claim that is as it should be, or that is left as it is."""

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
    """The folder in which what is copied arrives."""
    return f"new-{checksum[:16]}"


def encoded(lines: Iterable[str]) -> bytes:
    """A script or a list, with the bytes of names as they are."""
    return "".join(lines).encode("utf-8", "surrogateescape")
