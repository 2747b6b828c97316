import math

from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.minikube.size import Size, needed


def workload(name="web", kind="Deployment", replicas=1, containers=({},), first=(), **spec):
    pods = {
        "containers": [{"image": "app:1", **one} for one in containers],
        **({"initContainers": [{"image": "app:1", **one} for one in first]} if first else {}),
    }
    body = {"metadata": {"name": name}, "spec": {"replicas": replicas, "template": {"spec": pods}, **spec}}
    return Manifest(kind, name, None, body)


def asks(memory=None, cpu=None, side="requests"):
    values = {key: value for key, value in (("memory", memory), ("cpu", cpu)) if value}
    return {"resources": {side: values}}


def claim(name="data", storage="1Gi"):
    return Manifest("PersistentVolumeClaim", name, None, {"spec": {"resources": {"requests": {"storage": storage}}}})


def test_the_least_machine():
    found = needed([], {})

    assert found.size == Size(2, 2200, 3000)


def test_the_rule_of_the_measurements():
    """memory = ceil100(requests + 1300 + 14 a pod), CPUs = ceil(requests + 0.75), disk = 3 GB + 2 images + claims."""
    stack = [workload(replicas=3, containers=[asks("512Mi", "500m")], strategy={"type": "Recreate"}), claim()]

    found = needed(stack, {"app:1": 100_000_000})

    assert found.size == Size(3, 2900, 4300)
    assert found.lines == (
        "memory 2900 MB: web 3 × 512 MB + Kubernetes 1300 MB + 3 pods of 14 MB = 2878 MB",
        "CPUs 3: web 3 × 0.5 + Kubernetes 0.75 = 2.25",
        "disk 4300 MB: Kubernetes 3000 MB + 1 image, packed and unpacked, 2 × 100 MB + 1 claim of 1074 MB = 4274 MB",
    )


def test_limits_count_where_nothing_is_requested_and_else_what_such_images_usually_take():
    assert "web 700 MB" in needed([workload(containers=[asks("700Mi", side="limits")])], {}).lines[0]
    assert "web 256 MB (usual)" in needed([workload(containers=[{"image": "docker.io/postgres:17"}])], {}).lines[0]
    assert "web 96 MB (usual)" in needed([workload()], {}).lines[0]


def test_init_containers_run_before_the_others_and_beside_no_other():
    stack = [workload(containers=[asks("100Mi"), asks("100Mi")], first=[asks("150Mi"), asks("900Mi")])]

    assert "web 900 MB" in needed(stack, {}).lines[0]


def test_an_update_needs_room_for_one_more_pod():
    whole = asks(cpu="1")

    stopped_first = workload(containers=[whole], strategy={"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}})
    started_first = workload(containers=[whole], strategy={"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}})

    assert needed([stopped_first], {}).size.cpus == 2
    assert needed([started_first], {}).size.cpus == 3
    assert "one more web during an update 1" in needed([started_first], {}).lines[1]


def test_every_kind_of_workload_counts():
    jobs = workload("clean", "Job", containers=[asks("64Mi")], parallelism=2)
    template = {"spec": {"containers": [{"image": "x", **asks("32Mi")}]}}
    cron = Manifest("CronJob", "cron", None, {"spec": {"jobTemplate": {"spec": {"template": template}}}})
    everywhere = workload("agent", "DaemonSet", containers=[asks("16Mi")])
    slots = workload("db", "StatefulSet", replicas=2, containers=[asks("48Mi")])
    slots.body["spec"]["volumeClaimTemplates"] = [{"spec": {"resources": {"requests": {"storage": "10G"}}}}]

    memory, _, disk = needed([jobs, cron, everywhere, slots], {}).lines

    for part in ("clean 2 × 64 MB", "cron 32 MB", "agent 16 MB", "db 2 × 48 MB", "6 pods"):
        assert part in memory
    assert "2 claims of together 20000 MB" in disk


@given(
    st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 5000), st.integers(0, 9)), max_size=6),
)
def test_a_machine_always_holds_what_is_asked_of_it(asked):
    stack = [
        workload(f"s{at}", replicas=count, containers=[asks(f"{memory}Mi", f"{cpu}m")])
        for at, (memory, cpu, count) in enumerate(asked)
    ]

    size = needed(stack, {}).size

    assert size.memory % 100 == 0
    assert size.memory >= max(2200, 1300 + sum((memory + 14) * count for memory, _, count in asked))
    assert size.cpus >= max(2, math.ceil((750 + sum(cpu * count for _, cpu, count in asked)) / 1000))


def test_sizes_over_each_other():
    assert Size(memory=4096).over(Size(2, 2200, 3000)) == Size(2, 4096, 3000)
    assert str(Size(2, 2200)) == "2 CPUs, 2200 MB of memory"
