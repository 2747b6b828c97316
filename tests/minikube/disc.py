"""Makes the disc from which minikube's node boots, once, into the cache, in place of minikube's own ISO.

It holds a Debian with systemd, SSH and containerd as a squashfs: the files of `node/` laid over it, and the programs
that minikube expects there. Only a machine of namespaces boots it: it has no kernel. Needs root, mmdebstrap,
squashfs-tools and xorriso.
"""

import contextlib
import hashlib
import mmap
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import cache
from tests.cluster import build

NODE = Path(__file__).resolve().parent / "node"
RELEASE = "bookworm"
PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "openssh-server", "sudo", "containerd", "runc", "iptables", "conntrack"),
    *("ethtool", "socat", "ebtables", "iproute2", "iputils-ping", "e2fsprogs", "rsync", "kmod", "procps", "psmisc"),
    *("ca-certificates", "openssl", "curl", "lz4", "tzdata", "busybox-static"),
)
PROGRAMS = {
    # program: (the module that has it, the folder of the node where it goes)
    **dict.fromkeys(("bridge", "loopback", "host-local", "portmap", "firewall"), (build.ADDONS, "opt/cni/bin")),
    "crictl": (build.CRICTL, "usr/bin"),
    "buildctl": (build.BUILDKIT, "usr/bin"),
    "buildkitd": (build.BUILDKIT, "usr/sbin"),
}
LEFT_OUT = ("boot", "usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "var/cache", "var/lib/apt")
MASKED = (
    *("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "fstrim.timer", "e2scrub_all.timer"),
    *("e2scrub_reap.service", "getty@tty1.service", "systemd-networkd.service", "systemd-networkd-wait-online.service"),
)
SECTOR = 2048
RECIPE = "1"
"""To be raised with what is done to these: it is part of the name under which a disc is kept."""


def disc() -> Path:
    """Where the disc is kept, or will be; its name says what it is made of."""
    digest = hashlib.sha256(f"{RECIPE} {debian().name} {LEFT_OUT} {MASKED}".encode())
    for name, (module, folder) in PROGRAMS.items():
        digest.update(f"{name} {module.path.name} {folder}\n".encode())
    for path in sorted(NODE.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(NODE)}\0".encode() + path.read_bytes())
    return cache.folder() / f"minikube-disc-{digest.hexdigest()[:16]}.iso"


def debian() -> Path:
    """Where the archive of the plain Debian is kept, or will be."""
    digest = hashlib.sha256(" ".join([RELEASE, *PACKAGES]).encode()).hexdigest()[:16]
    return cache.folder() / f"minikube-debian-{digest}.tar"


def make() -> None:
    """Make what is not kept yet. Raises `build.UnavailableError`."""
    if not debian().exists():
        unfinished = debian().with_suffix(f".{os.getpid()}.tar")
        _run("mmdebstrap", "--mode=root", "--variant=minbase", "--dpkgopt=force-unsafe-io", *_sources(unfinished))
        unfinished.rename(debian())
    if not disc().exists():
        with unpacked() as root:
            _furnish(root)
            _press(root)


@contextlib.contextmanager
def unpacked() -> Iterator[Path]:
    """The plain Debian as a folder, for as long as the block runs."""
    with tempfile.TemporaryDirectory(dir=cache.folder(), prefix="minikube-root-") as folder:
        _run("tar", "-C", folder, "-xf", str(debian()))
        Path(folder).chmod(0o755)
        yield Path(folder)


def _sources(target: Path) -> list[str]:
    words = [f"--include={','.join(PACKAGES)}", RELEASE, str(target)]
    own = Path("/etc/apt/sources.list.d/debian.sources")
    # The machine's own sources of Debian may be a mirror that is nearer, or the only one that can be reached.
    return [*words, str(own)] if own.exists() else words


def _furnish(root: Path) -> None:
    (root / "etc/os-release").unlink()
    for path in sorted(NODE.rglob("*")):
        if path.is_file():
            target = root / path.relative_to(NODE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    (root / "etc/sudoers.d/docker").chmod(0o440)
    for name in ("machine-id", "fstab"):
        (root / "etc" / name).write_text("")
    for name, (module, folder) in PROGRAMS.items():
        (root / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(module.path / name, root / folder)
    for folder in ("etc/cni/net.d", "etc/containerd/certs.d", "hosthome"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    _inside(root, "groupadd", "--gid", "1000", "docker")
    _inside(root, "useradd", "--create-home", "--uid", "1000", "--gid", "docker", "--shell", "/bin/bash", "docker")
    _inside(root, "systemctl", "--quiet", "enable", "ssh", "containerd", "buildkit.socket")
    _inside(root, "systemctl", "--quiet", "mask", *MASKED)
    with (root / "etc/ssh/sshd_config").open("a") as stream:
        stream.write("UseDNS no\n")


def _press(root: Path) -> None:
    unfinished = disc().with_suffix(f".{os.getpid()}.iso")
    with tempfile.TemporaryDirectory(dir=cache.folder()) as made:
        packed = Path(made) / "node.squashfs"
        empty = [f"{name}/*" for name in ("proc", "sys", "dev", "tmp", "run")]
        compressed = ["-comp", "zstd", "-Xcompression-level", "3", "-noappend", "-quiet", "-no-progress"]
        _run("mksquashfs", str(root), str(packed), *compressed, "-wildcards", "-e", *LEFT_OUT, *empty)
        _run("xorriso", "-as", "mkisofs", "-quiet", "-V", "MINIKUBE", "-J", "-R", "-o", str(unfinished), made)
    _tell(unfinished)
    unfinished.rename(disc())


def _tell(path: Path) -> None:
    """Write where the squashfs begins into the first bytes, which a disc leaves free: boot.sh reads it there."""
    with path.open("r+b") as stream, mmap.mmap(stream.fileno(), 0) as held:
        offset = held.find(b"hsqs")
        while offset % SECTOR:
            offset = held.find(b"hsqs", offset + 1)
        held[:32] = str(offset).encode().ljust(32, b"\0")


def _inside(root: Path, *words: str) -> None:
    _run("chroot", str(root), *words)


def _run(*words: str) -> None:
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise build.UnavailableError(f"no disc for minikube's node: {words[0]}: {last} (tests/minikube)")
