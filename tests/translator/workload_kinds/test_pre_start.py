"""Init containers: run once for several pods, or in each pod."""

from typing import Any

from stackferry.grammar.compose.model.attachments import Dependency, Mount
from stackferry.grammar.compose.model.container import PreStart
from stackferry.grammar.compose.model.resources import Volume
from stackferry.translator import Options, Translation
from tests.translator.making import body_of, pod, service, translated

STEPS = (PreStart(image="tool:1", command=("a",)), PreStart(image="tool:1", command=("b",)))


def jobs(found: Translation) -> list[str]:
    """The names of the Jobs."""
    return [each.name for each in found.objects if each.kind == "Job"]


def made(**keys: Any) -> Translation:
    """Three pods of a service that has a volume."""
    data = Mount(type="volume", source="data", target="/data")
    options = keys.pop("options", None)
    web = service(**{"scale": 3, "pre_start": STEPS, "volumes": (data,), **keys})
    return translated(web, volumes={"data": Volume()}, options=options)


def test_a_job_runs_them_one_after_the_other() -> None:
    found = made()

    (name,) = jobs(found)
    held = pod(found, f"Job/{name}")
    assert held["initContainers"][-1]["args"] == ["a"]
    assert [one["args"] for one in held["containers"]] == [["b"]]
    assert held["containers"][0]["volumeMounts"][0]["mountPath"] == "/data"
    assert found.made["before", "web[0]"] == found.made["before", "web[1]"] == f"Job/{name}"


def test_the_pods_wait_for_it_and_it_waits_like_them() -> None:
    after = {"migrate": Dependency(condition="service_completed_successfully")}
    each = PreStart(image="tool:1", per_replica=True)

    found = translated(service(scale=3, depends_on=after, pre_start=(each, *STEPS)), service("migrate"))

    (name,) = (each for each in jobs(found) if "pre-start" in each)
    migrate = found.made["workload", "migrate"].removeprefix("Job/")
    web, job = pod(found), pod(found, f"Job/{name}")
    assert [one["name"] for one in web["initContainers"]] == ["wait-migrate", "wait-web-pre-start", "pre-start-1"]
    assert [one["name"] for one in job["initContainers"]] == ["wait-migrate", "pre-start-2"]
    assert web["serviceAccountName"] == job["serviceAccountName"] == "shop-waits"
    assert body_of(found, "Role/shop-waits")["rules"][0]["resourceNames"] == sorted((name, migrate))


def test_without_waits_it_is_said_that_nobody_waits() -> None:
    found = made(options=Options(wait=False))

    assert "initContainers" not in pod(found)
    notes = [one for one in found.notes if one.code == "kubernetes-pre-start-job"]
    assert all("do not wait" in one.message and one.hint == "convert without --no-wait" for one in notes)


def test_no_service_leads_to_its_pod() -> None:
    found = made()

    template = found.index[f"Job/{jobs(found)[0]}"].body["spec"]["template"]
    assert template["metadata"]["labels"]["app.kubernetes.io/name"] == "web-pre-start"


def test_another_version_of_the_service_is_another_job() -> None:
    assert jobs(made()) == jobs(made())
    assert jobs(made()) == jobs(made(scale=4))
    assert jobs(made()) != jobs(made(image="nginx:2"))
    assert jobs(made()) != jobs(made(pre_start=STEPS[:1]))


def test_what_runs_after_others_in_the_file_runs_before_them() -> None:
    late = (PreStart(image="tool:1", per_replica=True), *STEPS)

    notes = [one.message for one in made(pre_start=late).notes if one.code == "kubernetes-pre-start-job"]
    assert all("what each replica runs" in message for message in notes)
    assert len(notes) == 2
