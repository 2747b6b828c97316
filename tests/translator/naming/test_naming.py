"""Names of a whole stack: legal ones are kept, others are changed, and none collide."""

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.container import PreStart
from stackferry.grammar.compose.model.job import Schedule
from stackferry.grammar.compose.model.resources import Volume
from stackferry.translator.jobs import with_jobs
from stackferry.translator.naming.naming import plan_names
from stackferry.translator.notes import Notes
from tests.translator.making import HERE, codes, compose_job, ids, note, project, service, translated


def test_a_renamed_service_makes_room_for_a_legal_one() -> None:
    found = translated(service("my_db"), service("my-db"))

    assert found.naming.services["my-db"] == "my-db"
    assert found.naming.services["my_db"].startswith("my-db-")
    assert note(found, "renamed").path == ("services", "my_db")
    assert len(ids(found.objects)) == 4


def test_digits_and_capitals() -> None:
    names = plan_names(project(service("2fa"), service("Web"), service("web")), Notes()).services

    assert names == {"2fa": "s-2fa", "Web": names["Web"], "web": "web"}
    assert names["Web"].startswith("web-")


def test_claims_keep_an_explicit_name_and_make_room_for_external_ones() -> None:
    volumes = {
        "data": Volume(name="shop_data"),
        "logs": Volume(name="My_Logs"),
        "theirs": Volume(name="data", external=True),
    }
    claims = plan_names(project(service(), volumes=volumes), Notes()).claims

    assert claims["theirs"] == "data"
    assert claims["data"].startswith("data-")
    assert claims["logs"] == "my-logs"


def test_host_paths_have_the_same_names_on_every_machine() -> None:
    def names(home: str) -> list[str]:
        sources = ("/data/in", "/data/in", "", "/../shared")
        mounts = tuple(
            Mount(type="bind", source=f"{home}{path}".rstrip("/"), target=f"/{i}") for i, path in enumerate(sources)
        )
        made = project(service(volumes=mounts))
        object.__setattr__(made, "directory", home)
        return list(plan_names(made, Notes()).host_claims.values())

    assert names(HERE) == names("/var/other/place") == ["host-data-in", "host-project", "host-shared"]


def test_alias_of_oneself_is_nothing() -> None:
    assert codes(translated(service(container_name="web", hostname="web"))) == []


def test_claim_with_a_legal_name_keeps_it_whoever_comes_first() -> None:
    names = plan_names(project(service(), volumes={"My_Data": Volume(), "my-data": Volume()}), Notes())

    assert names.claims["my-data"] == "my-data"
    assert names.claims["My_Data"].startswith("my-data-")


def test_a_job_is_called_like_no_service_and_at_most_52_characters() -> None:
    long = "n" * 60
    jobs = {
        name: compose_job(name, *(Schedule("@daily", "UTC"), Schedule("@hourly")))
        for name in ("my-db", long, "Clean_Up")
    }
    stack = with_jobs(project(service("my_db"), jobs=jobs), Notes())

    names = plan_names(stack, Notes())

    assert names.services["my_db"] == "my-db"
    assert names.cron_jobs["Clean_Up"] == ("clean-up", "clean-up-2")
    assert names.cron_jobs["my-db"][0].startswith("my-db-")
    made = [name for found in names.cron_jobs.values() for name in found]
    assert max(map(len, made)) <= 52
    assert len(set(made)) == 6
    assert {names.services[name] for name in jobs} == {found[0] for found in names.cron_jobs.values()}


def test_containers_before_a_start_make_room_for_others() -> None:
    steps = (PreStart(image="x"), PreStart(image="x"))

    names = plan_names(project(service(container_name="pre-start-1", pre_start=steps)), Notes()).pre_start["web"]

    assert names[1] == "pre-start-2"
    assert names[0].startswith("pre-start-1-")
