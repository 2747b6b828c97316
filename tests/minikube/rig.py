"""A test's interface to a rig: minikube's environment, arguments of a start, and VirtualBox's state.

rig.minikube("status")       the real minikube; its state is below the rig's folder
rig.start()                  a whole start with the words that it needs here; nothing where it runs already
with rig.edited() as state:  VirtualBox in any state (vboxmanage/registry.py); states.py has those that matter
rig.calls()                  the command lines of VBoxManage so far
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.minikube import disc, offline
from tests.minikube.vboxmanage import registry

PATIENCE = 600
"""Seconds for one command: a start takes less than one minute on an idle machine."""


@dataclass(frozen=True, slots=True)
class Rig:
    """One rig. `kind` is RIG_VM: `ns` starts a node, `ssh` what looks like one, `none` nothing."""

    folder: Path
    kind: str
    cidr: str

    @property
    def environment(self) -> dict[str, str]:
        """All variables for minikube, kubectl and whatever calls them."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MINIKUBE_", "RIG_"))}
        return {
            **kept,
            "PATH": f"{self.folder / 'path'}:{kept.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin",
            **self.own_variables,
        }

    @property
    def own_variables(self) -> dict[str, str]:
        """Those that make an environment the rig's, but PATH."""
        return {
            "MINIKUBE_HOME": str(self.folder / "home"),
            "MINIKUBE_IN_STYLE": "false",
            "MINIKUBE_WANTUPDATENOTIFICATION": "false",
            "KUBECONFIG": str(self.folder / "home" / "kubeconfig"),
            "KUBECACHEDIR": str(self.folder / "tmp" / "kube"),
            "TMPDIR": str(self.folder / "tmp"),
            "RIG_DIR": str(self.folder / "rig"),
            "RIG_VM": self.kind,
        }

    @property
    def start_words(self) -> tuple[str, ...]:
        """What a start on the rig needs, whoever calls minikube."""
        disc_here = disc.disc() if self.kind == "ns" else self.folder / "tiny.iso"
        words = ("--no-vtx-check", f"--iso-url=file://{disc_here}", "--preload=false", f"--host-only-cidr={self.cidr}")
        return (*(() if os.geteuid() else ("--force",)), *words)

    @property
    def whole_start(self) -> tuple[str, ...]:
        """The words of a start of minikube itself, with all that else would be its own choice."""
        own = (
            "--driver=virtualbox",
            "--container-runtime=containerd",
            "--cpus=2",
            "--memory=3072",
            "--interactive=false",
        )
        if self.kind == "ns":
            ports = "--extra-config=apiserver.service-node-port-range=1-65535"
            more = (f"--kubernetes-version={offline.KUBERNETES}", "--disk-size=4000mb", ports)
        else:
            more = ("--no-kubernetes", "--disk-size=2000mb")
        return (*own, *more, *self.start_words)

    def run(self, *words: str | Path, check: bool = True, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the rig's environment; its output is captured. `settings` are more variables."""
        done = subprocess.run(
            words,
            env=self.environment | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert not check or not done.returncode, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def minikube(self, *words: str | Path, check: bool = True, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the real minikube."""
        return self.run("minikube", *words, check=check, **settings)

    def kubectl(self, *words: str | Path) -> str:
        """The output of kubectl, at the cluster of the current profile."""
        return self.run("kubectl", *words).stdout

    def start(self) -> None:
        """Start the machine, with Kubernetes where it is a node; nothing where all of it runs already."""
        if self.minikube("status", check=False).returncode or self.kind != "ns":
            self.minikube("start", *self.whole_start)

    def address(self) -> str:
        return self.minikube("ip").stdout.strip()

    @property
    def state_folder(self) -> Path:
        """RIG_DIR."""
        return self.folder / "rig"

    def state(self) -> registry.State:
        """VirtualBox' state as it is now."""
        return registry.read(self.state_folder)

    @contextlib.contextmanager
    def edited(self) -> Iterator[registry.State]:
        """VirtualBox' state, to be changed; nobody else does so meanwhile."""
        with registry.edited(self.state_folder) as state:
            assert state is not None
            yield state

    def calls(self) -> list[str]:
        """The command lines of VBoxManage so far, the oldest first."""
        log = self.state_folder / "calls.log"
        return log.read_text("utf-8").splitlines() if log.exists() else []


def link_cache(source: Path, target: Path) -> None:
    """`target` becomes a tree of hard links: what minikube removes or replaces there stays as it is in `source`."""
    shutil.copytree(source, target, copy_function=os.link)
