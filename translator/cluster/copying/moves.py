"""The scripts that verify what has arrived and move it into place. Pure."""

import posixpath
import shlex
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from typing import TypeVar

from stackferry.translator.cluster.copying.difference import Changes
from stackferry.translator.cluster.copying.entries import Entry
from stackferry.translator.cluster.copying.scripts import COPY, encoded, staging
from stackferry.translator.cluster.copying.states import AT_ONCE, ODD
from stackferry.translator.volumes.filling.scripts import COPIED
from stackferry.translator.volumes.persistent_volume_claim import DATA

_APPLYING = """\
set -eu
umask 022
if [ ! -d $data ]; then
  mkdir $data; chmod "$(stat -c %a .)" $data
  if [ -n "$owner" ]; then chown "$owner" $data 2>/dev/null || :; fi
fi
gone() {
  left=$#
  while [ $left -gt 0 ]; do
    path=$1 left=$((left - 1)); shift
    if ! inside "$path"; then echo kept; continue; fi
    if [ -d "$data/$path" ] && [ ! -L "$data/$path" ]; then
      rmdir "$data/$path" 2>/dev/null || echo kept
    elif [ -e "$data/$path" ] || [ -L "$data/$path" ]; then
      set -- "$@" "$data/$path"
    fi
  done
  if [ $# -gt 0 ]; then rm -f "$@"; fi
}
folder() {
  if [ ! -d "$new/$2" ]; then return 0; fi
  if ! inside "$2"; then echo kept; return 0; fi
  if [ -d "$data/$2" ] && [ ! -L "$data/$2" ]; then
    chmod "$1" "$data/$2"
  elif [ -e "$data/$2" ] || [ -L "$data/$2" ]; then
    echo kept
  elif above "$2"; then
    mv "$new/$2" "$data/$2"
  else
    echo kept
  fi
}
put() {
  into=$1 left=$(($# - 1)); shift
  while [ $left -gt 0 ]; do
    path=$1 left=$((left - 1)); shift
    if [ ! -e "$new/$path" ] && [ ! -L "$new/$path" ]; then continue; fi
    if ! inside "$path" || { [ -d "$data/$path" ] && [ ! -L "$data/$path" ]; } || ! above "$path"; then
      echo kept; continue
    fi
    if [ -L "$data/$path" ]; then rm -f "$data/$path"; fi
    set -- "$@" "$new/$path"
  done
  if [ $# -gt 0 ]; then mv -f "$@" "$data/$into"; fi
}
write() {
  if [ ! -e "$new/$2" ]; then return 0; fi
  if [ -f "$data/$2" ] && [ ! -L "$data/$2" ]; then
    cat "$new/$2" > "$data/$2"; chmod "$1" "$data/$2"; rm -f "$new/$2"
  else
    put . "$2"
  fi
}
inside() {
  at=$1
  while [ "${at%/*}" != "$at" ]; do
    at=${at%/*}
    if [ -L "$data/$at" ]; then return 1; fi
  done
}
above() {
  case $1 in */*) [ -d "$data/${1%/*}" ] || mkdir -p "$data/${1%/*}" 2>/dev/null ;; esac
}
"""


def applying(found: Changes, checksum: str, owner: str, *, in_place: bool) -> bytes:
    """The script `apply`. `owner` is the owner of `data`, as `1000:1000` or empty.

    `in_place`: overwrite the existing file, so that a running container sees the change.
    """
    head = f"data={DATA} new={COPY}/{staging(checksum)} owner={shlex.quote(owner)}\n{_APPLYING}"
    end = (
        f"if [ -e {COPY}/next ]; then mv -f {COPY}/next {COPY}/base; fi\n"
        f": > {COPIED}\n"
        f"rm -f {COPY}/ready\n"
        f"rm -rf $new {COPY}/sums {COPY}/verify {COPY}/apply\n"
    )
    folders = (f"folder {one.mode:o} {shlex.quote(one.path)}\n" for one in found.put if one.is_folder)
    files = [one for one in found.put if not one.is_folder]
    if in_place:
        puts = [f"write {one.mode:o} {shlex.quote(one.path)}\n" for one in files]
    else:
        puts = [f"put {shlex.quote(into)} {words}\n" for into, words in _together(files, _into)]
    gone = (f"gone {words}\n" for _, words in _together(found.gone, lambda one: one.is_folder))
    return encoded([head, *gone, *folders, *puts, end])


Key = TypeVar("Key")


def _together(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> Iterator[tuple[Key, str]]:
    """Runs of adjacent entries with the same key: the key, and the paths quoted for a shell."""
    for same, group in groupby(entries, key):
        while words := " ".join(shlex.quote(one.path) for one in islice(group, AT_ONCE)):
            yield same, words


def _into(entry: Entry) -> str:
    return posixpath.dirname(entry.path) or "."


def sums(files: Iterable[Entry]) -> bytes:
    """The list of SHA-256 for the files with plain names."""
    return encoded(f"{one.digest}  ./{one.path}\n" for one in files if not ODD.search(one.path))


def verifying(files: Iterable[Entry], checksum: str) -> bytes:
    """The script `verify`: it exits with 4, and names the first files, if some did not arrive as they were sent."""
    head = f"""\
cd {COPY}/{staging(checksum)}
wrong() {{ echo "$1"; exit 4; }}
if [ -s ../sums ] && ! sha256sum -c ../sums > ../verified 2>/dev/null; then
  wrong "$(grep -v ': OK$' ../verified | head -n 3)"
fi
rm -f ../verified
same() {{ case $(sha256sum < "./$2") in "$1 "*) ;; *) wrong "$2" ;; esac; }}
"""
    odd = (one for one in files if ODD.search(one.path))
    return encoded([head, *(f"same {one.digest} {shlex.quote(one.path)}\n" for one in odd)])
