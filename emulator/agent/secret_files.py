"""The files of secrets and configs on the host: in memory, separate for each task, with owner and mode.

A plain engine has no tmpfs that could be filled before a container starts, so the files are in a folder on the
host's tmpfs that only the user may enter (`private_folder.py`), and each is bind-mounted read-only into its container.
Secret values are stored nowhere else but in the store (mode 0600).
"""

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from stackferry.emulator.agent.private_folder import no_folder, private_folder
from stackferry.emulator.cluster.container import FileMount
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.desired.templating import context, expand_payload
from stackferry.grammar.diagnostics import StackferryError

Payload = Callable[[str, str, str], bytes]
"""(kind, name, digest) to the content."""


class SecretFiles:
    """The folder of one stack: `root` is its own folder in the folder of all stacks (`runtime_root`)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def make(self, cluster: Cluster, task: Task, payload: Payload) -> Mapping[str, str]:
        """Write the files of a task; returns target in the container to path on the host."""
        container = task.template.container
        assert container is not None

        def read(file: FileMount) -> bytes:
            return payload(file.kind, file.key, file.digest)

        found: dict[str, str] = {}
        with self._folder(task.id, make=True) as folder:
            for index, mounted in enumerate(container.files):
                content = read(mounted)
                if mounted.templated:
                    data = context(cluster, task, cluster.nodes[task.node_id])
                    content = expand_payload(content, data, container, read)
                _write(folder, str(index), content, mounted.uid, mounted.gid, mounted.mode)
                found[mounted.target] = str(self.root / task.id / str(index))
        return found

    def remove(self, task_id: str) -> None:
        """Remove the files of a task."""
        # A folder that is not ours holds no files of ours, but maybe links to them.
        with suppress(FileNotFoundError, StackferryError), self._folder(make=False) as folder:
            shutil.rmtree(task_id, ignore_errors=True, dir_fd=folder)

    def clear(self) -> None:
        """Remove the files of the whole stack."""
        base, above = self.root.parent.parent, self.root.parent.name
        with suppress(FileNotFoundError, StackferryError), private_folder(base, [above], make=False) as folder:
            shutil.rmtree(self.root.name, ignore_errors=True, dir_fd=folder)

    def _folder(self, *inner: str, make: bool) -> AbstractContextManager[int]:
        return private_folder(self.root.parent.parent, [self.root.parent.name, self.root.name, *inner], make=make)


def _write(folder: int, name: str, content: bytes, uid: int, gid: int, mode: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    with open(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder), "wb") as file:
        file.write(content)
        if os.geteuid() == 0:
            os.fchown(file.fileno(), uid, gid)
        elif (uid, gid) != (0, 0) and not mode & 0o004:
            # Only root may change a file's owner: the intended reader cannot own it, so its group may read it.
            mode |= (mode & 0o400) >> 6
        os.fchmod(file.fileno(), mode)


def runtime_root(environment: Mapping[str, str]) -> Path:
    """A folder in memory: the user's runtime directory, /run for root, else shared memory."""
    given = environment.get("XDG_RUNTIME_DIR")
    if given and Path(given).is_dir():
        return Path(given) / "stackferry"
    if os.geteuid() == 0:
        return Path("/run/stackferry")
    return Path(f"/dev/shm/stackferry-{os.geteuid()}")  # noqa: S108 - made and checked by `private_folder.py`


def refuse_foreign(root: Path) -> None:
    """Raise if that folder is unfit for secrets, before any work that needs it begins. Changes nothing."""
    try:
        with private_folder(root.parent, [root.name], make=False):
            # It exists and is ours.
            return
    except FileNotFoundError:
        if not os.access(root.parent, os.W_OK | os.X_OK):
            raise no_folder(root, "Permission denied") from None
