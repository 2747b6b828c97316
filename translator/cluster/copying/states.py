"""The state of paths in a claim after the services' changes: the script that prints it, and its parser. Pure."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice

from stackferry.grammar.regex import regex
from stackferry.translator.cluster.copying.difference import State
from stackferry.translator.cluster.copying.entries import FILE, FOLDER, LINK
from stackferry.translator.cluster.copying.scripts import encoded
from stackferry.translator.volumes.persistent_volume_claim import DATA

ODD = regex(r"[\n\r\\]")
"""Names that `sha256sum` escapes in its list, or that take two lines."""
AT_ONCE = 100
"""Paths per call of a program: one process for each path would take too long."""

_LOOKING = f"""\
kind() {{
  if [ -L "{DATA}/$1" ]; then
    echo "l $(readlink -n "{DATA}/$1" | sha256sum)"
  elif [ -f "{DATA}/$1" ]; then
    echo f
  elif [ -d "{DATA}/$1" ]; then
    echo d
  elif [ -e "{DATA}/$1" ]; then
    echo other
  else
    echo none
  fi
}}
look() {{
  left=$#
  while [ $left -gt 0 ]; do
    path=$1 left=$((left - 1)); shift
    kind "$path"
    if [ -f "{DATA}/$path" ] && [ ! -L "{DATA}/$path" ]; then set -- "$@" "{DATA}/$path"; fi
  done
  if [ $# -gt 0 ]; then sha256sum "$@" | cut -c -64; fi
}}
odd() {{
  kind "$1"
  if [ -f "{DATA}/$1" ] && [ ! -L "{DATA}/$1" ]; then sha256sum < "{DATA}/$1"; fi
}}
"""


def looked(paths: Iterable[str]) -> bytes:
    """The script that prints the state of each path: the kinds, several in a line, then the digests of the files."""
    groups = _with_plain_names_together(paths)
    words = (" ".join(map(shlex.quote, group)) for group in groups)
    return encoded([_LOOKING, *(f"{'odd' if ODD.search(one) else 'look'} {one}\n" for one in words)])


_KINDS = {"f": FILE, "l": LINK, "d": FOLDER}


def states(paths: Iterable[str], said: str) -> Mapping[str, State]:
    """The output of `looked`, by path. Raises ValueError if an answer is missing."""
    found: dict[str, State] = {}
    lines = iter(said.splitlines())
    for group in _with_plain_names_together(paths):
        for path, line in zip(group, islice(lines, len(group)), strict=True):
            found[path] = _state(line)
        files = [path for path in group if found[path] == (FILE, "")]
        for path, line in zip(files, islice(lines, len(files)), strict=True):
            found[path] = (FILE, line.partition(" ")[0])
    return found


def _state(line: str) -> State:
    if line == "none":
        return None
    word, _, digest = line.partition(" ")
    return (_KINDS.get(word, word), digest.partition(" ")[0])


def _with_plain_names_together(paths: Iterable[str]) -> Iterator[list[str]]:
    """A name that contains a newline would split an answer in two, so it gets a call of its own."""
    for is_odd, group in groupby(paths, lambda path: ODD.search(path) is not None):
        while some := list(islice(group, 1 if is_odd else AT_ONCE)):
            yield some
