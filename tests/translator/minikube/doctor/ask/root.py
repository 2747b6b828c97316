"""A fake root folder: the files through which a kernel and a few packages can be detected."""

from collections.abc import Mapping
from pathlib import Path

PROCESSOR = "processor\t: {}\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vmx\n\n"
FILES: Mapping[str, str] = {
    "proc/cpuinfo": "".join(PROCESSOR.format(number) for number in range(4)),
    "proc/meminfo": "MemTotal:       16384000 kB\nMemFree:         1024000 kB\nMemAvailable:    8192000 kB\n",
    "proc/modules": "vboxnetadp 28672 0 - Live 0x0\nvboxdrv 700416 2 vboxnetadp, Live 0x0\n",
    "proc/sys/kernel/osrelease": "6.12.3-amd64\n",
    "sys/module/vboxdrv/version": "7.2.22 r175245 (0x00330004)\n",
    "sys/module/kvm/parameters/enable_virt_at_load": "Y\n",
    "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c": "\x06\0\0\0\x01",
    "dev/vboxdrv": "",
    "dev/vboxnetctl": "",
    "etc/vbox/networks.conf": "* 10.0.0.0/8\n",
    "usr/lib/virtualbox/VBoxNetAdpCtl": "",
    "home/me/readme": "",
}


def root(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    """The folder, with these files in it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def process(folder: Path, pid: int, name: str, *words: str, opened: tuple[str, ...] = ()) -> None:
    """A process in it, with the files that it has open."""
    there = folder / "proc" / str(pid)
    (there / "fd").mkdir(parents=True)
    (there / "comm").write_text(f"{name}\n")
    (there / "cmdline").write_text("".join(f"{word}\0" for word in words))
    for number, path in enumerate(opened):
        (there / "fd" / str(number)).symlink_to(path)
