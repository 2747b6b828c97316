"""A storage class whose volumes only one node may write: only `ReadWriteOnce`, like disks in a cloud.

The provisioner is a thread of the test. It creates folders on the node, and its errors have the words of such drivers.
"""

import threading
import uuid
from pathlib import Path
from typing import Self

from tests.cluster.kube import Kube
from tests.cluster.server import Object, Server

_LOOK = 0.2
_CLASSES = "/apis/storage.k8s.io/v1/storageclasses"


class SingleWriter:
    """There between `with` and its end; `name` is that of the class."""

    def __init__(self, kube: Kube) -> None:
        self.name = f"disk-{uuid.uuid4().hex[:8]}"
        self.provisioner = f"{self.name}.csi.example"
        self.namespace = kube.namespace
        self.folder = kube.cluster.run / "volumes" / self.name
        self.server = Server(kube.cluster)
        self.end = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.volumes: list[str] = []

    def __enter__(self) -> Self:
        body = {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": self.name},
            "provisioner": self.provisioner,
        }
        assert self.server.request("POST", _CLASSES, body).status == 201
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end.set()
        self.thread.join()
        self.server.request("DELETE", f"{_CLASSES}/{self.name}")
        for name in self.volumes:
            self.server.request("DELETE", f"/api/v1/persistentvolumes/{name}")
        self.server.close()

    def _run(self) -> None:
        while not self.end.wait(_LOOK):
            claims = self.server.request("GET", f"/api/v1/namespaces/{self.namespace}/persistentvolumeclaims").body
            for claim in claims.get("items", ()):
                if claim["spec"].get("storageClassName") == self.name and not claim["spec"].get("volumeName"):
                    self._provision(claim)

    def _provision(self, claim: Object) -> None:
        modes = claim["spec"]["accessModes"]
        if modes != ["ReadWriteOnce"]:
            self._refuse(claim, f"rpc error: code = InvalidArgument desc = access mode {modes[0]} is not supported")
            return
        name = f"pvc-{claim['metadata']['uid']}"
        if name in self.volumes:
            return
        folder = Path(self.folder, name)
        folder.mkdir(parents=True)
        folder.chmod(0o777)
        reference = {key: claim["metadata"][key] for key in ("name", "namespace", "uid")}
        spec = {
            "accessModes": modes,
            "capacity": claim["spec"]["resources"]["requests"],
            "storageClassName": self.name,
            "persistentVolumeReclaimPolicy": "Retain",
            "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **reference},
            "hostPath": {"path": str(folder)},
        }
        body = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": spec}
        assert self.server.request("POST", "/api/v1/persistentvolumes", body).status == 201
        self.volumes.append(name)

    def _refuse(self, claim: Object, why: str) -> None:
        """As drivers do it: an event, once a claim."""
        name = f"{claim['metadata']['name']}.refused"
        reference = {key: claim["metadata"][key] for key in ("name", "namespace", "uid")}
        body = {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name},
            "involvedObject": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **reference},
            "type": "Warning",
            "reason": "ProvisioningFailed",
            "message": f'failed to provision volume with StorageClass "{self.name}": {why}',
        }
        self.server.request("POST", f"/api/v1/namespaces/{self.namespace}/events", body)
