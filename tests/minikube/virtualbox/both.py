"""Runs command lines on the real VirtualBox and on the stand-in; both give answers of the same form.

The real one runs with all its daemons in its own namespaces: nothing of it is left afterwards.
"""

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.minikube import states
from tests.minikube.rig import Rig

INSIDE = "/rig"
"""Where the real one sees its folder."""

PROGRAM = "/usr/lib/virtualbox/VBoxManage"
SCRIPT = "/usr/bin/VBoxManage"
"""Debian's, which warns of a missing driver before it calls the program."""

DISK = 10 << 20
"""Bytes that are piped into `convertfromraw`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


def real(
    root: Path, folder: Path, lines: Sequence[str], program: str = "/usr/lib/virtualbox/VBoxManage"
) -> list[Answer]:
    """The answers of the VirtualBox below `root`, whose files are in `folder`."""
    steps = []
    for number, line in enumerate(lines):
        words = shlex.join([program, *line.format(folder=INSIDE).split(" ")])
        given = f"head -c {DISK} /dev/zero |" if line.startswith("convertfromraw") else "</dev/null"
        call = f"{given} {words}" if given.endswith("|") else f"{words} {given}"
        steps.append(f"{call} >{INSIDE}/out.{number} 2>{INSIDE}/err.{number}; echo $? >{INSIDE}/code.{number}")
    (folder / "steps.sh").write_text("cd /\n" + "\n".join(steps) + "\n", "utf-8")
    places = {name: shlex.quote(str(root / name)) for name in ("proc", "sys", "dev", "tmp", INSIDE.strip("/"))}
    (root / INSIDE.strip("/")).mkdir(exist_ok=True)
    environment = f"HOME={INSIDE} USER=root PATH=/usr/bin:/bin:/usr/sbin:/sbin"
    prepare = [
        "ip link add vboxnet0 type bridge",
        "ip address add 192.168.56.1/24 dev vboxnet0",
        "echo 1 >/proc/sys/net/ipv6/conf/vboxnet0/disable_ipv6",
        "ip link set vboxnet0 up",
        f"mount -t proc proc {places['proc']}",
        f"mount -t sysfs sys {places['sys']}",
        f"mount --bind /dev {places['dev']}",
        f"mount -t tmpfs tmp {places['tmp']}",
        f"mount --bind {shlex.quote(str(folder))} {places[INSIDE.strip('/')]}",
        f"exec env -i {environment} chroot {shlex.quote(str(root))} bash {INSIDE}/steps.sh",
    ]
    spaces = ["--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"]
    done = subprocess.run(
        ["unshare", *spaces, "sh", "-ec", "\n".join(prepare)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OSError(f"the real VirtualBox: {done.stderr.strip()}")
    return [
        Answer(int(_read(folder, "code", number)), _read(folder, "out", number), _read(folder, "err", number))
        for number in range(len(lines))
    ]


def stand_in(rig: Rig, lines: Sequence[str], warning: bool = False) -> list[Answer]:
    """The answers of the stand-in, without drivers for the kernel as the real one is."""
    states.put(rig, "no driver")
    with rig.edited() as state:
        if not warning:
            del state["warning"]
    states.adapters(rig, {"vboxnet0": "192.168.56.1"})
    found = []
    for line in lines:
        words = line.format(folder=rig.folder).split(" ")
        done = subprocess.run(
            ["VBoxManage", *words],
            env=rig.environment | {"HOME": str(rig.folder)},
            input="\0" * DISK if words[0] == "convertfromraw" else "",
            capture_output=True,
            text=True,
            check=False,
        )
        found.append(Answer(done.returncode, done.stdout, done.stderr))
    return found


def _read(folder: Path, name: str, number: int) -> str:
    return (folder / f"{name}.{number}").read_text("utf-8", errors="replace")
