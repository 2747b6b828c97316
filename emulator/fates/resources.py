"""Fates of a service's keys for CPU, memory, devices and kernel limits: nearly all go to the engine unchanged."""

from stackferry.grammar.fates import Section, about, exact, holder

_WINDOWS = "engines on Windows only"
_BLKIO = {
    "device_read_bps": "BlkioDeviceReadBps",
    "device_read_iops": "BlkioDeviceReadIOps",
    "device_write_bps": "BlkioDeviceWriteBps",
    "device_write_iops": "BlkioDeviceWriteIOps",
    "weight_device": "BlkioWeightDevice",
}

RESOURCES: Section = {
    "blkio_config": holder(),
    "blkio_config.weight": exact("option.BlkioWeight"),
    **{f"blkio_config.{key}": exact(f"option.{field}") for key, field in _BLKIO.items()},
    **{
        f"blkio_config.{key}[].{part}": exact(f"option.{field}")
        for key, field in _BLKIO.items()
        for part in ("path", "weight" if key == "weight_device" else "rate")
    },
    "cgroup": exact("option.CgroupnsMode"),
    "cgroup_parent": exact("option.CgroupParent"),
    "cpu_count": about(_WINDOWS, "option.CpuCount"),
    "cpu_percent": about(_WINDOWS, "option.CpuPercent"),
    "cpu_period": exact("option.CpuPeriod"),
    "cpu_quota": exact("option.CpuQuota"),
    "cpu_rt_period": exact("option.CpuRealtimePeriod"),
    "cpu_rt_runtime": exact("option.CpuRealtimeRuntime"),
    "cpu_shares": exact("option.CpuShares"),
    "cpus": exact("option.NanoCpus"),
    "cpuset": exact("option.CpusetCpus"),
    "device_cgroup_rules": exact("option.DeviceCgroupRules"),
    "devices": holder(),
    "devices[]": exact("option.Devices"),
    "devices[].source": exact("option.Devices"),
    "devices[].target": exact("option.Devices"),
    "devices[].permissions": exact("option.Devices"),
    "gpus": exact("option.DeviceRequests"),
    **{
        f"gpus[]{part}": exact("option.DeviceRequests")
        for part in ("", ".capabilities", ".count", ".driver", ".device_ids", ".options", ".options.*")
    },
    "mem_limit": exact("option.Memory"),
    "mem_reservation": exact("option.MemoryReservation", why="a soft limit of the container; not used for placement"),
    "mem_swappiness": exact("option.MemorySwappiness"),
    "memswap_limit": exact("option.MemorySwap"),
    "oom_kill_disable": exact("option.OomKillDisable"),
    "oom_score_adj": exact("option.OomScoreAdj"),
    "pids_limit": exact("option.PidsLimit"),
    "shm_size": exact("option.ShmSize"),
    "storage_opt": exact("option.StorageOpt"),
    "ulimits": holder(),
    "ulimits.*": exact("option.Ulimits"),
    "ulimits.*.soft": exact("option.Ulimits"),
    "ulimits.*.hard": exact("option.Ulimits"),
}
