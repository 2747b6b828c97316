"""The files of secrets and configs on the host: in memory, for each task its own, with owner and mode.

A plain engine has no tmpfs that could be filled before a container starts, so the files lie in a folder on
the host's tmpfs that only the user may enter, and each is bound read-only into its container. Secret values
are nowhere else but in the store (mode 0600).
"""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from stackferry.emulator.cluster.container import FileMount
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.desired.templating import context, expand_payload

Payload = Callable[[str, str, str], bytes]
"""(kind, name, digest) to the content."""


class SecretFiles:
    """The folder of one stack."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def make(self, cluster: Cluster, task: Task, payload: Payload) -> Mapping[str, str]:
        """Write the files of a task; gives target in the container to path on the host."""
        container = task.template.container
        assert container is not None

        def read(file: FileMount) -> bytes:
            return payload(file.kind, file.key, file.digest)

        folder = self.root / task.id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found: dict[str, str] = {}
        for index, one in enumerate(container.files):
            content = read(one)
            if one.templated:
                data = context(cluster, task, cluster.nodes[task.node_id])
                content = expand_payload(content, data, container, read)
            path = folder / str(index)
            _write(path, content, one.uid, one.gid, one.mode)
            found[one.target] = str(path)
        return found

    def remove(self, task_id: str) -> None:
        """Remove the files of a task."""
        shutil.rmtree(self.root / task_id, ignore_errors=True)

    def clear(self) -> None:
        """Remove the files of the whole stack."""
        shutil.rmtree(self.root, ignore_errors=True)


def _write(path: Path, content: bytes, uid: int, gid: int, mode: int) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        if os.geteuid() == 0:
            os.fchown(file.fileno(), uid, gid)
        elif (uid, gid) != (0, 0) and not mode & 0o004:
            # Only root may give files away: the one who is to read it could not, so its group may.
            mode |= (mode & 0o400) >> 6
        os.fchmod(file.fileno(), mode)


def runtime_root(environment: Mapping[str, str]) -> Path:
    """A folder in memory: the user's runtime directory, /run for root, else shared memory."""
    given = environment.get("XDG_RUNTIME_DIR")
    if given and Path(given).is_dir():
        return Path(given) / "stackferry"
    if os.geteuid() == 0:
        return Path("/run/stackferry")
    return Path(f"/dev/shm/stackferry-{os.geteuid()}")  # noqa: S108 - made with mode 0700, and checked to be ours
