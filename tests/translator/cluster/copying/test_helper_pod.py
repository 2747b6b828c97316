"""The pod that receives a copy: where it runs, as which user, and which pods wait for it."""

from typing import Any

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.translator import Options
from stackferry.translator.cluster.copying.helper_pod import LABEL, Waiter, helper_pod, node_of, waiters
from stackferry.translator.image_facts.identity import Identity
from tests.translator.making import HERE, compose_job, service, translated


def test_it_runs_beside_whoever_has_the_claim_as_root_with_little_else() -> None:
    pod = helper_pod("host-x", "shop", "helper:1", "node-7", None, root=True)

    (container,) = pod["spec"]["containers"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["CHOWN", "DAC_OVERRIDE", "FOWNER"]}
    assert (container["image"], container["securityContext"]["runAsUser"]) == ("helper:1", 0)
    affinity = pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert affinity["nodeSelectorTerms"][0]["matchFields"][0]["values"] == ["node-7"]
    assert pod["spec"]["automountServiceAccountToken"] is False
    assert pod["metadata"]["labels"][LABEL] == "host-x"
    assert "affinity" not in helper_pod("host-x", "shop", "helper:1", None, None, root=True)["spec"]


def test_where_root_is_refused_it_is_whoever_owns_the_files() -> None:
    owned = helper_pod("host-x", "shop", "helper:1", None, Identity(1000, 50, "user"), root=False)["spec"]
    nobodys = helper_pod("host-x", "shop", "helper:1", None, Identity(0, 0, "user"), root=False)["spec"]

    assert owned["containers"][0]["securityContext"]["runAsUser"] == 1000
    assert (owned["securityContext"]["fsGroup"], owned["securityContext"]["runAsNonRoot"]) == (50, True)
    assert nobodys["containers"][0]["securityContext"]["runAsUser"] == 65534


def pod_with(claim: str, node: str | None, **status: Any) -> dict[str, Any]:
    volumes = [{"name": "v", "persistentVolumeClaim": {"claimName": claim}}]
    return {
        "metadata": {"name": "p", "labels": status.pop("labels", {})},
        "spec": {"volumes": volumes, **({"nodeName": node} if node else {})},
        "status": status,
    }


def test_the_node_is_that_of_a_pod_which_has_the_claim() -> None:
    pods = [
        pod_with("other", "node-1"),
        pod_with("host-x", None),
        pod_with("host-x", "node-2", phase="Succeeded"),
        pod_with("host-x", "node-3", labels={LABEL: "host-x"}),
        pod_with("host-x", "node-4", phase="Pending"),
    ]

    assert node_of("host-x", pods) == "node-4"
    assert node_of("host-x", pods[:4]) is None


def test_who_waits_is_read_from_what_is_applied() -> None:
    def bind(name: str) -> Mount:
        return Mount(type="bind", source=f"{HERE}/{name}", target=f"/{name}")

    files = {f"{name}/f": "x" for name in ("a", "b", "c", "d")}
    found = translated(
        service(volumes=(bind("a"),)),
        service("later", scale=0, volumes=(bind("b"), bind("c"))),
        service("now", volumes=(bind("c"),)),
        files=files,
        options=Options(copies=True, helper_image="helper:2"),
    )

    assert waiters(found.objects) == {
        "host-a": Waiter("helper:2", is_coming=True),
        "host-b": Waiter("helper:2", is_coming=False),
        "host-c": Waiter("helper:2", is_coming=True),
    }


def test_a_job_of_a_schedule_waits_too() -> None:
    from stackferry.grammar.compose.model.job import Schedule

    job = compose_job("nightly", Schedule("0 3 * * *"), volumes=(Mount(type="bind", source=f"{HERE}/a", target="/a"),))
    found = translated(files={"a/f": "x"}, options=Options(copies=True), jobs={"nightly": job})

    assert [one.is_coming for one in waiters(found.objects).values()] == [False]
