"""`stackferry minikube …` on a minikube and a cluster in memory; tests/minikube/ does the same on real ones."""

import json
from pathlib import Path

import pytest

from stackferry import engine
from stackferry.emulator.engine.image import ImageInfo
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.minikube import place, released
from stackferry.translator.cluster import client, wait
from stackferry.translator.minikube.doctor import examine
from stackferry.translator.minikube.doctor.finding import Finding
from stackferry.translator.minikube.drivers import driver
from stackferry.translator.minikube.programs import Answer
from tests.stackferry.commands.test_kube import Living
from tests.stackferry.minikube.fake import FakeMinikube, failure

STACK = """\
name: shop
services:
  web: {image: "nginx:1.27", ports: ["192.0.2.1:9:80", "8080:80"], restart: always}
  db: {image: "postgres:17", volumes: ["data:/var/lib/postgresql/data"]}
volumes: {data: {}}
"""


@pytest.fixture
def cluster(here, monkeypatch):
    (here / "compose.yaml").write_text(STACK.replace('"192.0.2.1:9:80", ', ""))
    found = Living()
    monkeypatch.setattr(wait, "STABLE", 0.0)
    monkeypatch.setattr(client, "connect", lambda context, _: found)
    return found


@pytest.fixture
def findings(monkeypatch):
    """What the doctor finds."""
    found: list[Finding] = []

    def examined(programs, environment, profile, driver_name=None, flags=(), **_rest):
        return examine.Examination(driver(driver_name or "virtualbox"), tuple(found))

    monkeypatch.setattr(examine, "examine", examined)
    return found


@pytest.fixture
def minikube(here, cluster, findings, monkeypatch):
    def no_engine(_session):
        raise EngineError("no engine")

    monkeypatch.setenv("MINIKUBE_HOME", str(here.parent / "mini"))
    found = FakeMinikube(here.parent / "mini" / ".minikube")
    monkeypatch.setattr(place, "HostPrograms", lambda *_: found)
    monkeypatch.setattr(engine, "connect", no_engine)
    return found


def test_from_nothing(minikube, cluster, stackferry):
    outcome = stackferry("minikube", "up", "--", "--iso-url=file:///a b.iso")

    assert outcome.code == 0, outcome.err
    (start,) = minikube.said("minikube", "start")
    assert start == [
        *("minikube", "start", "-o", "json", "-p", "minikube", "--interactive=false", "--driver=virtualbox"),
        *("--cpus=2", "--memory=2200mb", "--disk-size=5100mb"),
        *("--kubernetes-version=v1.34.4", "--container-runtime=containerd"),
        *("--extra-config=apiserver.service-node-port-range=1-65535", "--iso-url=file:///a b.iso"),
    ]
    assert "size: memory 2200 MB: " in outcome.err
    assert "minikube: Booting control plane" in outcome.err
    published = next(one for one in cluster.objects.values() if one["metadata"]["name"] == "web-published")
    assert published["spec"]["ports"][0]["nodePort"] == 8080


BUILT = """\
name: shop
services:
  web: {build: ., ports: ["8080:80"]}
  tool: {image: mine, restart: always}
  cache: {image: "redis:7", restart: always}
  fresh: {image: "other:1", pull_policy: always, restart: always}
"""


@pytest.fixture
def host(minikube, here, monkeypatch):
    """The engine of the host, with `mine`, made here, and images of a registry."""
    found = FakeEngine(VirtualClock())
    found.add_image("mine", ImageInfo("sha256:" + "ab" * 32, size=5_000_000))
    for name in ("redis:7", "other:1"):
        found.add_image(name, ImageInfo("sha256:" + "cd" * 32, digests=(f"{name.split(':')[0]}@sha256:ee",)))
    monkeypatch.setattr(engine, "connect", lambda _: found)
    (here / "compose.yaml").write_text(BUILT)
    (here / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    return found


def images_of(cluster):
    deployments = [one for one in cluster.objects.values() if one["kind"] == "Deployment"]
    return {one["metadata"]["name"]: one["spec"]["template"]["spec"]["containers"][0]["image"] for one in deployments}


def test_what_lies_here_is_loaded_by_its_content_and_once(minikube, host, cluster, stackferry):
    first = stackferry("minikube", "up")

    assert first.code == 0, first.err
    built = host.image("shop-web").id.removeprefix("sha256:")[:16]
    assert images_of(cluster) == {
        "web": f"shop-web:{built}",
        # Made here, whatever it is called, and so perhaps made anew one day.
        "tool": "mine:latest-abababababababab",
        "cache": "redis:7",
        # Asked of its registry at every start.
        "fresh": "other:1",
    }
    assert len(minikube.said("minikube", "image", "load")) == 3
    assert "images: 3 loaded, 0 already there" in first.err

    again = stackferry("minikube", "up")

    assert "images: 0 loaded, 3 already there" in again.err
    assert list(host.images) == ["mine:latest", "redis:7", "other:1", "shop-web:latest"], "the engine is as it was"


def test_without_an_engine_the_node_builds(minikube, here, cluster, stackferry):
    (here / "compose.yaml").write_text("name: shop\nservices:\n  web: {build: ., restart: always}\n")
    (here / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")

    planned = stackferry("minikube", "plan")
    first = stackferry("minikube", "up")
    again = stackferry("minikube", "up")

    (command,) = (line for line in planned.out.splitlines() if line.startswith("$ minikube image build "))
    assert " -t shop-web:" in command
    assert (first.code, again.code) == (0, 0), first.err
    (build,) = minikube.said("minikube", "image", "build")
    assert images_of(cluster) == {"web": build[build.index("-t") + 1]}
    assert stackferry("minikube", "plan").out == ""


def test_what_only_an_engine_can_build_is_refused_before_anything_is_made(minikube, here, stackferry):
    text = "name: shop\nservices:\n  web:\n    build:\n      context: .\n      ssh: [default]\n"
    (here / "compose.yaml").write_text(text)
    (here / "Dockerfile").write_text("FROM scratch\n")

    outcome = stackferry("minikube", "up")

    assert outcome.code == 1
    assert "compose.yaml:6:" in outcome.err
    assert minikube.profile is None


def test_only_what_has_changed_is_moved(minikube, host, stackferry):
    stackferry("minikube", "up")
    minikube.calls.clear()
    host.add_image("mine", ImageInfo("sha256:" + "12" * 32))

    outcome = stackferry("minikube", "up")

    assert "images: 1 loaded, 2 already there" in outcome.err
    assert "loading mine:latest-1212121212121212" in outcome.err


def test_minikube_is_not_believed_that_an_image_has_arrived(minikube, host, cluster, stackferry):
    minikube.fails = lambda words: Answer(0) if words[1:3] == ["image", "load"] else None

    outcome = stackferry("minikube", "up")

    assert outcome.code == 1
    assert "was loaded, but the node does not have it" in outcome.err
    assert cluster.objects == {}


def test_no_temporary_file_stays(minikube, host, stackferry):
    seen = []

    def fails(words):
        if words[1:3] == ["image", "load"]:
            seen.append(Path(words[3]))
        return

    minikube.fails = fails
    stackferry("minikube", "up")

    scratch = minikube.home / "stackferry" / "minikube" / "scratch"
    assert {one.parent.parent for one in seen} == {scratch}
    assert list(scratch.iterdir()) == []


def test_again_nothing_is_started(minikube, stackferry):
    stackferry("minikube", "up")
    minikube.calls.clear()

    outcome = stackferry("minikube", "up")

    assert outcome.code == 0
    assert minikube.said("minikube", "start") == []
    assert "machine: minikube is already running" in outcome.err
    assert "unchanged" in outcome.err


def test_a_stopped_machine_is_started_as_it_was_with_what_was_said_then(minikube, stackferry):
    stackferry("minikube", "up", "--memory", "3g", "--", "--iso-url=file:///node.iso")
    minikube.state = "Stopped"

    outcome = stackferry("minikube", "up")

    assert outcome.code == 0, outcome.err
    start = minikube.said("minikube", "start")[-1]
    assert "--memory=3072mb" in start
    assert "--iso-url=file:///node.iso" in start


def test_a_machine_that_only_the_kubeconfig_does_not_know(minikube, stackferry):
    stackferry("minikube", "up")
    minikube.known = False

    assert stackferry("minikube", "up").code == 0
    assert len(minikube.said("minikube", "start")) == 1
    assert len(minikube.said("minikube", "update-context")) == 1


def test_one_that_is_not_as_wanted_is_left_alone(minikube, stackferry):
    stackferry("minikube", "up")
    minikube.calls.clear()

    outcome = stackferry("minikube", "up", "--memory", "4g", "--driver", "docker")

    assert outcome.code == 1
    assert "driver: it has virtualbox, requested docker; memory: it has 2200 MB, requested 4096 MB" in outcome.err
    assert "--cluster NAME" in outcome.err
    assert "--machine delete" in outcome.err
    assert {one[1] for one in minikube.calls} <= {"profile", "status"}


def test_what_the_doctor_finds_stops_it_before_anything_is_made(minikube, findings, stackferry):
    findings.append(Finding("FAIL", "the kernel module is missing", "modprobe vboxdrv", None, "vboxdrv"))

    outcome = stackferry("minikube", "up")

    assert outcome.code == 1
    assert "error[minikube-vboxdrv]: the kernel module is missing" in outcome.err
    assert minikube.said("minikube", "start") == []


def test_a_start_that_fails_is_told_with_what_the_doctor_finds_then(minikube, findings, stackferry):
    def fails(words):
        if words[1] != "start":
            return None
        findings.append(Finding("FAIL", "KVM holds VT-x (VBox.log)", "stop its guests", None, "kvm-holds-vt-x"))
        return failure(67, "PR_VBOX_BLOCKED", "macOS has blocked it")

    minikube.fails = fails

    outcome = stackferry("minikube", "up")

    assert outcome.code == 1
    assert "minikube exited with 67 (PR_VBOX_BLOCKED): macOS has blocked it" in outcome.err
    assert "error[minikube-kvm-holds-vt-x]: KVM holds VT-x (VBox.log)" in outcome.err


def test_a_control_plane_that_does_not_come_up_is_waited_for_once(minikube, stackferry):
    def fails(words):
        if words[1] == "start":
            said = {
                "type": "io.k8s.sigs.minikube.error",
                "data": {"message": "initialization failed, will try again: wait"},
            }
            return Answer(0, json.dumps(said))
        if words[1] == "ssh":
            return Answer(0, "I1130 fine\nE1130 kubelet.go: failed to run Kubelet: swap is on\n")
        return None

    minikube.fails = fails

    outcome = stackferry("minikube", "up")

    assert outcome.code == 1
    assert "the control plane of minikube does not start" in outcome.err
    assert "kubelet: E1130 kubelet.go: failed to run Kubelet: swap is on" in outcome.err
    assert "fine" not in outcome.err


def half_made(minikube):
    minikube.profile = minikube.made("minikube", ["--driver=virtualbox", "x.service-node-port-range=1-65535"])
    minikube.state = "Stopped"


def test_a_machine_that_never_ran_is_not_deleted_unasked(minikube, stackferry):
    half_made(minikube)

    outcome = stackferry("minikube", "up")

    assert outcome.code == 1
    assert "was never completed and holds no data. Delete and recreate it?" in outcome.err
    assert minikube.said("minikube", "delete") == minikube.said("minikube", "start") == []


def test_and_is_with_consent(minikube, stackferry):
    half_made(minikube)

    assert stackferry("minikube", "up", "--yes").code == 0
    assert [one[1] for one in minikube.calls if one[1] in ("delete", "start")] == ["delete", "start"]


@pytest.mark.parametrize(
    ("number", "owner"), [(22, "sshd"), (8443, "the Kubernetes API server"), (10250, "Kubernetes")]
)
def test_ports_of_the_node_are_refused_where_they_are_written(minikube, here, stackferry, number, owner):
    (here / "compose.yaml").write_text(f"name: shop\nservices:\n  web:\n    image: x\n    ports: ['{number}:80']\n")

    outcome = stackferry("minikube", "up")

    assert outcome.code == 1
    assert f"compose.yaml:5:13: error[minikube-port]: port {number} of the node is used by {owner}" in outcome.err
    assert "instead, which is free" in outcome.err
    assert minikube.said("minikube", "start") == []


def test_plan_changes_nothing(minikube, cluster, stackferry):
    outcome = stackferry("minikube", "plan", "--", "--iso-url=file:///a b.iso")

    assert outcome.code == 0
    assert "$ minikube start -o json -p minikube" in outcome.out
    assert "'--iso-url=file:///a b.iso'" in outcome.out
    assert "create Deployment/web\n" in outcome.out
    assert minikube.profile is None
    assert cluster.objects == {}


def test_plan_of_a_machine_that_runs_asks_the_cluster(minikube, here, stackferry):
    stackferry("minikube", "up")
    (here / "compose.yaml").write_text((here / "compose.yaml").read_text().replace("nginx:1.27", "nginx:1.28"))

    outcome = stackferry("minikube", "plan")

    assert outcome.out == (
        "change Deployment/web\n  spec.template.spec.containers[0].image: nginx:1.27 -> nginx:1.28\n"
    )


def test_plan_of_a_machine_that_is_stopped_knows_what_it_does_not_know(minikube, stackferry):
    stackferry("minikube", "up")
    minikube.state = "Stopped"

    outcome = stackferry("minikube", "plan")

    assert "# minikube is not running, so which of the following it already has is unknown\n" in outcome.out
    assert "\napply Deployment/web\n" in outcome.out
    assert "create" not in outcome.out


def test_status(minikube, stackferry):
    assert stackferry("minikube", "status").out == "machine  minikube: not found\n"
    stackferry("minikube", "up")

    running = stackferry("minikube", "status")

    assert running.code == 0
    assert running.out.startswith(
        "machine  minikube: running, virtualbox, 2 CPUs, 2200 MB of memory, 5100 MB of disk\n"
    )
    assert "✔ Deployment/web 1/1" in running.out
    minikube.state = "Stopped"
    stopped = stackferry("minikube", "status")
    assert (stopped.code, stopped.out.count("\n")) == (1, 1)


def test_urls_of_a_machine_that_does_not_run(minikube, stackferry):
    assert "minikube cluster minikube not found" in stackferry("minikube", "urls").err
    stackferry("minikube", "up")
    minikube.state = "Stopped"

    outcome = stackferry("minikube", "urls")

    assert outcome.code == 1
    assert "its machine is stopped" in outcome.err


def test_down_keeps_claims_and_the_machine(minikube, cluster, stackferry):
    stackferry("minikube", "up")

    assert stackferry("minikube", "down").code == 0
    assert cluster.ids() == ["Namespace/shop", "PersistentVolumeClaim/data"]
    assert minikube.state == "Running"


def test_what_the_provisioner_leaves_of_a_claim_goes_with_its_data(minikube, cluster, stackferry, monkeypatch):
    """One of an earlier start of the cluster does: the next claim of that name would begin with the old data."""
    monkeypatch.setattr(released, "_PATIENCE", 0.0)
    stackferry("minikube", "up")
    uid = next(one["metadata"]["uid"] for one in cluster.objects.values() if one["kind"] == "PersistentVolumeClaim")
    cluster.put(
        "PersistentVolume",
        "pv-1",
        None,
        metadata={"annotations": {"pv.kubernetes.io/provisioned-by": "k8s.io/minikube-hostpath"}},
        spec={
            "claimRef": {"uid": uid},
            "hostPath": {"path": "/tmp/hostpath-provisioner/shop/data"},
            "persistentVolumeReclaimPolicy": "Delete",
        },
    )

    assert stackferry("minikube", "down", "--volumes").code == 0

    assert cluster.ids() == []
    assert minikube.said("minikube", "ssh")[-1][-1] == "sudo rm -rf -- /tmp/hostpath-provisioner/shop/data"


def test_down_and_the_machine(minikube, cluster, stackferry):
    stackferry("minikube", "up")

    refused = stackferry("minikube", "down", "--machine", "delete")
    cluster.put("Pod", "x", "other", metadata={"namespace": "other"})
    named = stackferry("minikube", "down", "--volumes", "--machine", "delete")
    stopped = stackferry("minikube", "down", "--machine", "stop")

    assert refused.code == named.code == 1
    assert "--machine delete would also delete the data of shop" in refused.err
    assert "the machine of minikube is not deleted: it also runs other" in named.err
    assert (stopped.code, minikube.state) == (0, "Stopped")


def test_usage(minikube, stackferry):
    for words in (("up", "web"), ("up", "--cluster", "a/b"), ("up", "--memory", "much"), ("down", "--machine", "burn")):
        assert stackferry("minikube", *words).code == 2
    assert minikube.said("minikube", "start") == []
