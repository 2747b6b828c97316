"""CPU, memory, storage and devices: `resources` of the container.

Kubernetes takes a limit without a request as a request of the same size. Docker reserves nothing, and
a few generous limits would fill a small cluster with pods that request them all at once; so a limit
without a reservation gets a small request of its own.
"""

from decimal import Decimal
from functools import lru_cache

from stackferry.grammar.compose.model.attachments import DeviceRequest
from stackferry.grammar.compose.model.deploy import Resource
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.syntax.units import Float32
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.quantities import cpu, docker_size, memory, millicores
from stackferry.translator.notes import Notes, Path

SMALL_CPU = 50
"""CPU request of a container that has only a limit, in thousandths of a CPU."""
SMALL_MEMORY = 64 * 1024 * 1024
"""Memory request of such a container, in bytes."""
_PERIOD = 100_000
_SHARES_OF_A_CPU = 1024
_VENDOR = {"nvidia": "nvidia.com/gpu", "amd": "amd.com/gpu", "": "nvidia.com/gpu", "cdi": ""}


def resources(service: Service, notes: Notes) -> Body:
    """`limits` and `requests`, empty if the service sets none."""
    limit, reserved = _sides(service)
    path = ("services", service.name)
    limits = {"cpu": _cpu_limit(service, limit), "memory": _bytes(limit.memory, service.mem_limit)}
    requests = {"cpu": _cpu_request(service, reserved), "memory": _bytes(reserved.memory, service.mem_reservation)}
    for key, small in (("cpu", SMALL_CPU), ("memory", SMALL_MEMORY)):
        if not limits[key]:
            continue
        if requests[key] > limits[key]:
            notes.action(
                (*path, *_reservation(key, reserved)),
                "kubernetes-request-above-limit",
                f"reserves more {key} than its limit allows; the reservation is lowered to the limit",
                "raise the limit or lower the reservation",
            )
        requests[key] = min(requests[key] or small, limits[key])
    found: Body = {
        side: {
            **({"cpu": cpu(values["cpu"])} if values["cpu"] else {}),
            **({"memory": memory(values["memory"])} if values["memory"] else {}),
        }
        for side, values in (("limits", limits), ("requests", requests))
    }
    found["limits"].update(_storage(service, notes))
    found["limits"].update(_devices(service, reserved, notes))
    _note_generic(service, reserved, notes)
    return {side: values for side, values in found.items() if values}


def _bytes(*given: int | None) -> int:
    """The first value that is given; Docker takes -1 for no limit."""
    return max(next((int(size) for size in given if size), 0), 0)


def _reservation(key: str, reserved: Resource) -> Path:
    """The key, below the service, that reserves the resource."""
    field, short = {"cpu": ("cpus", "cpu_shares"), "memory": ("memory", "mem_reservation")}[key]
    return ("deploy", "resources", "reservations", field) if getattr(reserved, field) else (short,)


def _sides(service: Service) -> tuple[Resource, Resource]:
    deploy = service.deploy.resources if service.deploy else None
    limits = deploy.limits if deploy else None
    reservations = deploy.reservations if deploy else None
    return limits or Resource(), reservations or Resource()


@lru_cache
def _of_cpus(cpus: Float32) -> int:
    """Thousandths of a CPU, by the decimal as written. Cached: many services share a few such numbers."""
    return millicores(Decimal(str(cpus)))


def _cpu_limit(service: Service, limit: Resource) -> int:
    cpus = limit.cpus or service.cpus
    if cpus:
        return _of_cpus(cpus)
    if service.cpu_quota and service.cpu_quota > 0:
        return millicores(Decimal(service.cpu_quota) / (service.cpu_period or _PERIOD))
    return 1000 * service.cpu_count if service.cpu_count else 0


def _cpu_request(service: Service, reserved: Resource) -> int:
    if reserved.cpus:
        return _of_cpus(reserved.cpus)
    return millicores(Decimal(service.cpu_shares) / _SHARES_OF_A_CPU) if service.cpu_shares else 0


def _storage(service: Service, notes: Notes) -> Body:
    size = docker_size(service.storage_opt.get("size", ""))
    for key in service.storage_opt:
        if key != "size" or not size:
            notes.action(
                ("services", service.name, "storage_opt"),
                "kubernetes-storage-option",
                f"there is no field for the storage option {key}; not applied",
            )
    return {"ephemeral-storage": memory(size)} if size else {}


def _devices(service: Service, reserved: Resource, notes: Notes) -> Body:
    path = ("services", service.name)
    asked: list[tuple[Path, DeviceRequest]] = [
        ((*path, "gpus", index), request) for index, request in enumerate(service.gpus)
    ]
    deploy = (*path, "deploy", "resources", "reservations", "devices")
    asked += [((*deploy, index), request) for index, request in enumerate(reserved.devices)]
    found: dict[str, int] = {}
    for where, request in asked:
        name = _vendor(request) if where[2] == "gpus" or "gpu" in request.capabilities else ""
        if not name:
            notes.action(where, "kubernetes-device-request", "no known device plugin provides this; not reserved")
            continue
        counted = request.count is not None and request.count > 0
        amount = request.count or 0 if counted else len(request.device_ids) or 1
        found[name] = found.get(name, 0) + amount
        notes.action(
            where,
            "kubernetes-gpu",
            f"asks for {name}: {amount}"
            + ("" if counted else " (Kubernetes cannot request all devices, or specific ones)")
            + "; the pod waits until the cluster provides it",
            "install the vendor's device plugin (a minikube on VirtualBox has no GPU)",
        )
    return {name: str(amount) for name, amount in found.items()}


def _vendor(request: DeviceRequest) -> str:
    return _VENDOR.get((request.driver or "").lower(), "")


def _note_generic(service: Service, reserved: Resource, notes: Notes) -> None:
    for index, _ in enumerate(reserved.generic_resources):
        notes.action(
            ("services", service.name, "deploy", "resources", "reservations", "generic_resources", index),
            "kubernetes-generic-resource",
            "Kubernetes only supports such a resource under a vendor's domain; not reserved",
            "advertise it on the node as example.com/<kind> and patch resources.limits",
        )
