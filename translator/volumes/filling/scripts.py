"""The shell scripts of init containers that fill claims and folders of a pod before its containers start.

Each runs in any POSIX shell with the usual small tools (busybox has all of them), as root, on a read-only root file
system. Below a claim's root are `data`, which the service sees, and `.stackferry` with our markers: `begun`, then
`done`. A fill that was killed half-way goes on, a claim that somebody used is left as it is, and pods may fill the same
claim at the same time, because a file is written under another name and then renamed.
"""

CLAIM = "/stackferry"
"""Where an init container mounts the root of the claim or folder that it fills."""
SEED = "/stackferry-seed"
"""Where an init container mounts the source of the files."""
PLAN = "plan.stackferry"
"""The key of the plan: one line `mode key path` per file; a folder has `/` as key, a link has a mode `link`
and its target in the object under the key."""

FILL = f"""\
set -eu
owner=$1 state={CLAIM}/.stackferry to={CLAIM}/$2
if [ -e "$state/done" ]; then exit 0; fi
mkdir -p "$state"
if [ ! -e "$state/begun" ] && [ -n "$(ls -A "$to" 2>/dev/null)" ]; then
  echo "the claim is in use: left as it is"; : > "$state/done"; exit 0
fi
: > "$state/begun"
give() {{ if [ -n "$owner" ]; then chown -h "$owner" "$1"; fi; }}
if [ ! -d "$to" ]; then mkdir -p "$to"; chmod "$(stat -c %a {CLAIM})" "$to"; give "$to"; fi
part=$state/$(cat /proc/sys/kernel/random/uuid)
while IFS= read -r line; do
  if [ -e "$state/done" ]; then exit 0; fi
  mode=${{line%% *}} rest=${{line#* }}
  key=${{rest%% *}} path=$to/${{rest#* }}
  if [ "$key" = / ]; then
    if [ ! -d "$path" ]; then mkdir -p "$path"; chmod "$mode" "$path"; give "$path"; fi
  elif [ "$mode" = link ]; then
    if [ ! -e "$path" ] && [ ! -L "$path" ]; then
      ln -sn "$(cat "{SEED}/$key")" "$path" || [ -L "$path" ]; give "$path"
    fi
  elif [ ! -e "$path" ]; then
    cp "{SEED}/$key" "$part"; chmod "$mode" "$part"; give "$part"
    mv -n "$part" "$path"; rm -f "$part"
  fi
done < {SEED}/{PLAN}
: > "$state/done"
"""
"""Fill the folder `$2` of a claim by the plan; `$1` is the owner (`1000:1000`), or empty."""

COPY_UP = f"""\
set -eu
from=$1 to={CLAIM}/$2 mark={CLAIM}/.stackferry/$3
if [ -e "$mark.done" ]; then exit 0; fi
mkdir -p "${{mark%/*}}"
if [ ! -e "$mark.begun" ] && {{ [ -n "$(ls -A "$to" 2>/dev/null)" ] || [ ! -d "$from" ]; }}; then
  : > "$mark.done"; exit 0
fi
: > "$mark.begun"
mkdir -p "$to"
cp -a "$from/." "$to/"
: > "$mark.done"
"""
"""Copy the image's folder `$1` to the folder `$2` of a volume if that is empty; `$3` is the marker's name."""

COPY_IMAGE = f"""\
set -eu
from=${{1:+/$1}} to={CLAIM}/data
if [ -e {CLAIM}/done ]; then exit 0; fi
rm -rf "$to"
if [ -n "$from" ] && [ ! -d "$from" ]; then cp -a "$from" "$to"; : > {CLAIM}/done; exit 0; fi
mkdir -p "$to"
for each in "$from"/* "$from"/.[!.]*; do
  case $each in /proc | /sys | /dev | {CLAIM}) continue ;; esac
  if [ -e "$each" ] || [ -L "$each" ]; then cp -a "$each" "$to/"; fi
done
: > {CLAIM}/done
"""
"""Copy the image's files below `$1`, all of them if that is empty."""

AWAIT = f"""\
until [ -f "{CLAIM}/data/$1" ]; do
  echo "$1 is not in the claim $2 yet: stackferry explain says how to put it there"; sleep 10
done
"""
"""Wait for the file `$1`: otherwise the node would create a folder of that name for the mount. `$2` is the claim."""

COPIED = ".stackferry/copied"
"""The marker, below a claim's root, that whoever applied the manifests has copied into it."""

AWAIT_COPY = f"""\
set -eu
if [ -e {CLAIM}/{COPIED} ]; then exit 0; fi
echo "nothing was copied into the claim $1 yet: stackferry does it when it brings the stack up"
until [ -e {CLAIM}/{COPIED} ]; do sleep 1; done
"""
"""Wait for the copy into the claim `$1`. Every user may see the marker."""

OWN_FOLDERS = """\
set -eu
while [ $# -gt 0 ]; do
  if [ -n "$3" ]; then chown "$3" "$1"; fi
  chmod ug-s "$1"; chmod "$2" "$1"; shift 3
done
"""
"""Modes and owners of folders: `$1` is a folder, `$2` its mode, `$3` its owner or empty, and so on.

A numeric mode keeps the setgid bit by which a pod's folders pass on their group (`fsGroup`), so it is removed first.
"""

OWN_FILES = """\
set -eu
while [ $# -gt 0 ]; do
  cp "$1" "$2"; chmod "$3" "$2"; chown "$4" "$2"; shift 4
done
"""
"""Copies with modes and owners: from `$1` to `$2`, mode `$3`, owner `$4`, and so on."""
