"""Fates of a service's keys about CPU, memory, devices and kernel limits."""

from stackferry.translator.fates.fate import Section, about, action, exact

_NO_FIELD = "a pod has no such field; the limit is not applied"
_CPU_LIMIT = "container.resources.limits.cpu"
_MEMORY_LIMIT = "container.resources.limits.memory"
_BLKIO = ("device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops", "weight_device")

RESOURCES: Section = {
    "blkio_config": action(_NO_FIELD),
    "blkio_config.weight": action(_NO_FIELD),
    **{f"blkio_config.{key}": action(_NO_FIELD) for key in _BLKIO},
    **{
        f"blkio_config.{key}[].{part}": action(_NO_FIELD)
        for key in _BLKIO
        for part in ("path", "weight" if key == "weight_device" else "rate")
    },
    "cgroup": exact(why="a pod always has its own cgroup"),
    "cgroup_parent": action("the kubelet manages cgroups"),
    "cpu_count": exact(_CPU_LIMIT),
    "cpu_percent": action("for Windows containers only; set cpus"),
    "cpu_period": exact(_CPU_LIMIT, why="the limit is quota / period"),
    "cpu_quota": exact(_CPU_LIMIT, why="the limit is quota / period"),
    "cpu_rt_period": action(_NO_FIELD),
    "cpu_rt_runtime": action(_NO_FIELD),
    "cpu_shares": about("1024 shares request one CPU", "container.resources.requests.cpu"),
    "cpus": exact(_CPU_LIMIT),
    "cpuset": action("pinning needs the kubelet's static CPU manager"),
    "device_cgroup_rules": action("devices need a device plugin"),
    **{
        key: action("a device of the host needs a device plugin, or a privileged container")
        for key in ("devices", "devices[]", *(f"devices[].{part}" for part in ("source", "target", "permissions")))
    },
    "gpus": action("needs the vendor's device plugin; VirtualBox has no GPU for it", "container.resources.limits"),
    "gpus[]": action("needs the vendor's device plugin", "container.resources.limits"),
    **{
        f"gpus[].{key}": action("needs the vendor's device plugin", "container.resources.limits")
        for key in ("capabilities", "count", "driver")
    },
    "gpus[].device_ids": action("Kubernetes chooses the devices"),
    "gpus[].options": action(_NO_FIELD),
    "gpus[].options.*": action(_NO_FIELD),
    "mem_limit": exact(_MEMORY_LIMIT),
    "mem_reservation": exact("container.resources.requests.memory"),
    "mem_swappiness": action("configured on the node"),
    "memswap_limit": action("pods do not swap unless the node is set up for it"),
    "oom_kill_disable": action(_NO_FIELD),
    "oom_score_adj": action("Kubernetes computes it from requests and limits"),
    "pids_limit": action("Kubernetes has one limit for all pods: minikube start --extra-config=kubelet.pod-max-pids=N"),
    "shm_size": exact("container.volumeMounts[mountPath=/dev/shm]", why="a folder in memory, mounted at /dev/shm"),
    "storage_opt": exact("container.resources.limits.ephemeral-storage"),
    "ulimits": action("configured in the node's container runtime"),
    "ulimits.*": action("not applied: configured in the node's container runtime"),
    "ulimits.*.soft": action("not applied: configured in the node's container runtime"),
    "ulimits.*.hard": action("not applied: configured in the node's container runtime"),
}
