"""Jobs go through the passes as services; notes about them say "job"."""

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.compose.model.attachments import Dependency, Mount, Port
from stackferry.grammar.compose.model.job import Schedule
from stackferry.grammar.compose.model.resources import Volume
from stackferry.grammar.compose.model.terms import Namespace, PortRange, User
from stackferry.grammar.files import Memory
from stackferry.translator import Options, translate
from stackferry.translator.jobs import origin_of_jobs, with_jobs, written
from stackferry.translator.notes import Kind, Notes
from stackferry.translator.options import Publish
from tests.translator.making import HERE, body_of, codes, compose_job, ids, note, project, service, translated

DAILY = Schedule("@daily", "UTC", missed_fires="skip")


def test_a_stack_without_jobs_is_left_alone() -> None:
    stack = project(service())

    assert with_jobs(stack, Notes()) is stack


def test_paths_and_origins_of_jobs() -> None:
    stack = project(service(), jobs={"nightly": compose_job()})
    asked = []
    origin_of_jobs(asked.append, stack)(("services", "nightly", "image"))  # type: ignore[arg-type]

    assert asked == [("jobs", "nightly", "image")]
    assert written(("services", "web"), stack) == ("services", "web")
    assert written(("volumes", "nightly"), stack) == ("volumes", "nightly")


def test_a_job_has_what_a_service_has_but_no_service() -> None:
    found = translated(
        service(),
        jobs={
            "nightly": compose_job(
                "nightly",
                DAILY,
                environment={"TOKEN": "t"},
                user=User("www"),
                ports=(Port(target=80),),
                volumes=(Mount(type="volume", source="data", target="/data"),),
            )
        },
        volumes={"data": Volume()},
    )

    assert [name.partition("-env-")[0] for name in ids(found.objects)] == [
        *("Secret/nightly", "PersistentVolumeClaim/data", "Service/web", "CronJob/nightly", "Deployment/web"),
    ]
    assert note(found, "user-name").path == ("jobs", "nightly", "user")
    pod = body_of(found, "CronJob/nightly")["spec"]["jobTemplate"]["spec"]["template"]
    assert pod["spec"]["containers"][0]["volumeMounts"][0]["mountPath"] == "/data"
    assert pod["metadata"]["labels"]["app.kubernetes.io/name"] == "nightly"


def test_a_volume_that_nobody_defines_is_told_of() -> None:
    mount = Mount(type="volume", source="gone", target="/data")

    found = translated(jobs={"nightly": compose_job(volumes=(mount,))})

    assert note(found, "undefined-volume").path == ("jobs", "nightly", "volumes", 0, "source")


@pytest.mark.parametrize("key", ["network_mode", "ipc", "pid"])
def test_a_job_has_a_pod_of_its_own(key: str) -> None:
    found = translated(service(), jobs={"nightly": compose_job(**{key: Namespace("service:web")})})

    assert note(found, "job-namespace").path == ("jobs", "nightly", key)
    assert len(body_of(found, "Deployment/web")["spec"]["template"]["spec"]["containers"]) == 1
    assert ids(found.objects)[-2:] == ["CronJob/nightly", "Deployment/web"]


def test_no_wait_for_another_job() -> None:
    after = {"nightly": Dependency(condition="service_completed_successfully")}

    found = translated(jobs={"nightly": compose_job(), "report": compose_job("report", depends_on=after)})

    told = note(found, "job-dependency")
    assert (told.path, told.kind) == (("jobs", "report", "depends_on", "nightly", "condition"), Kind.NEEDS_ACTION)


def test_an_env_file_of_a_job_goes_by_a_config_map() -> None:
    text = "services: {}\njobs: {nightly: {image: x, env_file: a.env, triggers: {manual: true}}}\n"
    files = Memory({"compose.yaml": text, "a.env": "COLOUR=blue\n"}, HERE)
    stack = load(Request(files=("compose.yaml",)), files=files, environment={})
    found = translate(stack.project, files, Options(origin=stack.origin))

    assert any(name.startswith("ConfigMap/nightly-env-file-") for name in ids(found.objects))
    assert codes(found) == ["manual-job"]


@pytest.mark.parametrize("publish", ["nodeport", "loadbalancer", "gateway", "ingress"])
def test_however_ports_are_published_those_of_a_job_are_not(publish: Publish) -> None:
    ports = (Port(target=80, published=PortRange("8080")),)

    found = translated(
        service(ports=ports), jobs={"nightly": compose_job(ports=ports)}, options=Options(publish=publish)
    )

    assert {one.name for one in found.objects if one.kind == "Service"} <= {"web", "web-published"}
