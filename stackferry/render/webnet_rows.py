"""Rows of `webnet`: every task behind a VIP, with its traffic."""

from collections.abc import Collection, Mapping, Sequence
from ipaddress import IPv4Address

from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.webnet.traffic_stats import TrafficStats, sees, standing
from stackferry.render.format import Row, Shape
from stackferry.render.pretty import decimal
from stackferry.render.task_rows import slot_name

SHAPE = Shape(
    {
        "ID": "ID",
        "Name": "NAME",
        "VirtualIPs": "VIRTUAL IP",
        "Addresses": "ADDRESS",
        "State": "STATE",
        "Sees": "SEES",
        "Connections": "CONNECTIONS",
        "NewPerSecond": "NEW/S",
        "Bytes": "BYTES",
    },
    ("Name", "VirtualIPs", "Addresses", "State", "Sees", "Connections", "NewPerSecond", "Bytes"),
)


def webnet_rows(
    cluster: Cluster,
    tasks: Sequence[Task],
    before: Mapping[str, TrafficStats],
    after: Mapping[str, TrafficStats],
    seconds: float,
    kept: Collection[tuple[IPv4Address, str]] = (),
) -> list[Row]:
    """One row per task. New connections per second are the difference of two samples.

    `kept`: addresses and protocols for which tasks see the client's real address.
    """
    rows: list[Row] = []
    for task in tasks:
        now = after.get(task.id, TrafficStats())
        begun = max(0, now.begun - before.get(task.id, now).begun)
        vips = cluster.services[task.service_id].vips
        rows.append(
            {
                "ID": task.id,
                "Name": slot_name(cluster, task),
                "VirtualIPs": ",".join(vips[name] for name in task.addresses if name in vips),
                "Addresses": ",".join(task.addresses.values()),
                "State": standing(task),
                "Sees": sees(task, kept),
                "Connections": now.connections,
                "NewPerSecond": f"{begun / seconds:.1f}",
                "Bytes": decimal(now.bytes),
            }
        )
    return rows
