"""The machine size that a stack needs: the sum of its pods' requests and of Kubernetes' own needs. Pure.

The overhead was measured on a node of minikube 1.38 (Kubernetes 1.34, containerd, the default addons) at rest: 1.0 GiB
of processes, 14 MiB for each pod besides its containers, 750 thousandths of a CPU that the scheduler reserves first. A
virtual machine adds its kernel.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.minikube.pods import images, pod_spec

KUBERNETES_MEMORY = 1300
"""MiB that Kubernetes and the node's operating system use."""
POD_MEMORY = 14
"""MiB of each pod besides its containers."""
LEAST_MEMORY = 2200
KUBERNETES_CPU = 750
"""Thousandths of a CPU that Kubernetes' own pods request."""
LEAST_CPUS = 2
SYSTEM_DISK = 3000
"""MB of the node's disk that Kubernetes, its images and logs use."""
USUAL_IMAGE = 250
"""MB of an image of unknown size."""

USUAL_MEMORY: Mapping[str, int] = {
    "postgres": 256,
    "postgis": 256,
    "timescaledb": 256,
    "mysql": 512,
    "mariadb": 384,
    "mssql": 2048,
    "mongo": 512,
    "cassandra": 2048,
    "elasticsearch": 1536,
    "opensearch": 1536,
    "kibana": 768,
    "logstash": 1024,
    "solr": 768,
    "kafka": 1024,
    "cp-kafka": 1024,
    "zookeeper": 384,
    "rabbitmq": 256,
    "keycloak": 768,
    "jenkins": 768,
    "gitlab-ce": 4096,
    "sonarqube": 2048,
    "neo4j": 1024,
    "influxdb": 256,
    "clickhouse-server": 1024,
    "minio": 256,
    "grafana": 192,
    "prometheus": 256,
    "wordpress": 192,
    "nextcloud": 256,
    "ghost": 192,
}
"""MiB of an image's container without a memory setting, by the last part of the image's name."""
UNKNOWN_MEMORY = 96
"""MiB of a container of any other image."""

_BYTES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18}
_BYTES |= {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50, "Ei": 1 << 60}
_QUANTITY = regex(r"(\d+(?:\.\d+)?)(m|[kMGTPE]i?|Ki)?")
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Pods:
    """The pods of one workload: their number, and the requests of one of them (MiB, thousandths of a CPU).

    `is_estimate`: its memory is the usual use of such images. `surge`: one more pod runs during an update.
    """

    workload: str
    count: int
    memory: int
    cpu: int
    is_estimate: bool = False
    surge: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """A machine: CPUs, memory in MiB, disk in MB; None: minikube's default."""

    cpus: int | None = None
    memory: int | None = None
    disk: int | None = None

    def __str__(self) -> str:
        parts = (
            None if self.cpus is None else f"{self.cpus} CPUs",
            None if self.memory is None else f"{self.memory} MB of memory",
            None if self.disk is None else f"{self.disk} MB of disk",
        )
        return ", ".join(one for one in parts if one)

    def over(self, other: "Size") -> "Size":
        """This size, with `other` for the values that it lacks."""
        return Size(
            other.cpus if self.cpus is None else self.cpus,
            other.memory if self.memory is None else self.memory,
            other.disk if self.disk is None else self.disk,
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """The parts of a machine's size, so that a person can add them up: `size` is the result, `lines` the sums."""

    size: Size
    lines: tuple[str, ...]


def needed(objects: Iterable[Manifest], image_sizes: Mapping[str, int]) -> Sum:
    """The machine that a stack needs. `image_sizes`: bytes of the images that are known here, by name."""
    every = list(objects)
    pods = [one for each in every for one in _pods(each)]
    memory, memory_line = _memory(pods)
    cpus, cpu_line = _cpus(pods)
    disk, disk_line = _disk(every, image_sizes)
    return Sum(Size(cpus, memory, disk), (memory_line, cpu_line, disk_line))


def _pods(manifest: Manifest) -> Iterator[Pods]:
    spec = pod_spec(manifest)
    if spec is None:
        return
    wanted = manifest.body["spec"]
    count = {"DaemonSet": 1, "CronJob": 1}.get(manifest.kind)
    if count is None:
        count = int(wanted.get("parallelism" if manifest.kind == "Job" else "replicas", 1))
    containers = spec["containers"]
    first = spec.get("initContainers", ())
    memory = max([sum(map(_memory_of, containers)), *map(_memory_of, first)])
    cpu = max([sum(map(_cpu_of, containers)), *map(_cpu_of, first)])
    rolling = (wanted.get("strategy") or {}).get("rollingUpdate") or {}
    is_estimate = any(_asked(each, "memory") is None for each in containers)
    surge = manifest.kind == "Deployment" and str(rolling.get("maxSurge", 1)) not in ("0", "0%") and _rolls(wanted)
    yield Pods(manifest.name, count, memory, cpu, is_estimate, surge)


def _rolls(spec: Mapping[str, Any]) -> bool:
    kind: str = (spec.get("strategy") or {}).get("type", "RollingUpdate")
    return kind == "RollingUpdate"


def _asked(container: Mapping[str, Any], what: str) -> str | None:
    resources = container.get("resources") or {}
    for side in ("requests", "limits"):
        found = (resources.get(side) or {}).get(what)
        if found is not None:
            return str(found)
    return None


def _memory_of(container: Mapping[str, Any]) -> int:
    """MiB that a container requests, or usually uses."""
    asked = _asked(container, "memory")
    if asked is not None:
        return math.ceil(_number(asked) / _MIB)
    name = str(container["image"]).rpartition("/")[2].partition("@")[0].partition(":")[0]
    return USUAL_MEMORY.get(name, UNKNOWN_MEMORY)


def _cpu_of(container: Mapping[str, Any]) -> int:
    asked = _asked(container, "cpu")
    return 0 if asked is None else math.ceil(_number(asked) * 1000)


def _number(quantity: str) -> Decimal:
    match = _QUANTITY.fullmatch(quantity)
    assert match, f"{quantity!r} is not a quantity"
    return Decimal(match[1]) / 1000 if match[2] == "m" else Decimal(match[1]) * _BYTES[match[2] or ""]


def _memory(pods: list[Pods]) -> tuple[int, str]:
    total = sum(one.count for one in pods)
    asked = sum(one.count * one.memory for one in pods)
    need = asked + KUBERNETES_MEMORY + POD_MEMORY * total
    result = max(LEAST_MEMORY, math.ceil(need / 100) * 100)
    parts = [_times(one.workload, one.count, f"{one.memory} MB{' (usual)' * one.is_estimate}") for one in pods]
    parts += [f"Kubernetes {KUBERNETES_MEMORY} MB", f"{_counted(total, 'pod')} of {POD_MEMORY} MB"]
    least = f", at least {LEAST_MEMORY} MB" if result > need + 99 else ""
    return result, f"memory {result} MB: {' + '.join(parts)} = {need} MB{least}"


def _cpus(pods: list[Pods]) -> tuple[int, str]:
    asked = [one for one in pods if one.cpu]
    # A new pod runs beside the old ones during an update: without room for it the update never ends.
    surge = max((one for one in asked if one.surge), key=lambda one: one.cpu, default=None)
    need = sum(one.count * one.cpu for one in asked) + KUBERNETES_CPU + (surge.cpu if surge else 0)
    result = max(LEAST_CPUS, math.ceil(need / 1000))
    parts = [_times(one.workload, one.count, _cpu(one.cpu)) for one in asked]
    parts += [f"one more {surge.workload} during an update {_cpu(surge.cpu)}"] if surge else []
    parts += [f"Kubernetes {_cpu(KUBERNETES_CPU)}"]
    least = f", at least {LEAST_CPUS}" if result * 1000 >= need + 1000 else ""
    return result, f"CPUs {result}: {' + '.join(parts)} = {_cpu(need)}{least}"


def _disk(objects: list[Manifest], image_sizes: Mapping[str, int]) -> tuple[int, str]:
    known = {name: image_sizes.get(name) for name in images(objects)}
    held = sum(USUAL_IMAGE if size is None else math.ceil(size / 10**6) for size in known.values())
    guessed = sum(size is None for size in known.values())
    claims = list(_claims(objects))
    claimed = sum(math.ceil(_number(size) / 10**6) * count for size, count in claims)
    need = SYSTEM_DISK + 2 * held + claimed
    result = math.ceil(need / 100) * 100
    note = f" ({guessed} of unknown size)" if guessed else ""
    parts = [
        f"Kubernetes {SYSTEM_DISK} MB",
        f"{_counted(len(known), 'image')}, packed and unpacked{note}, 2 × {held} MB",
    ]
    count = sum(number for _, number in claims)
    parts += [f"{_counted(count, 'claim')} of {'together ' * (count > 1)}{claimed} MB"] if claims else []
    return result, f"disk {result} MB: {' + '.join(parts)} = {need} MB"


def _claims(objects: Iterable[Manifest]) -> Iterator[tuple[str, int]]:
    """The size of each claim, and the number of such claims."""
    for resource in objects:
        if resource.kind == "PersistentVolumeClaim":
            yield resource.body["spec"]["resources"]["requests"]["storage"], 1
        elif resource.kind == "StatefulSet":
            for claim in resource.body["spec"].get("volumeClaimTemplates", ()):
                yield claim["spec"]["resources"]["requests"]["storage"], int(resource.body["spec"].get("replicas", 1))


def _times(name: str, count: int, each: str) -> str:
    return f"{name} {each}" if count == 1 else f"{name} {count} × {each}"


def _cpu(milli: int) -> str:
    return f"{milli / 1000:g}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
