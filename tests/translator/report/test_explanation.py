"""The report on every key: nothing is missing, and every reported place is right."""

from collections import Counter

import pytest

from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.files import Memory
from stackferry.translator import Explanation, Kind, Options, Row, Translation, explain, translate
from stackferry.translator.fates import FATES
from stackferry.translator.report.places import index_of, parsed, role_of

HERE = "/home/me/shop"


def explained(text: str, **files: str) -> tuple[Explanation, Translation]:
    memory = Memory({"compose.yaml": text, **files}, HERE)
    stack = load(Request(), files=memory, environment={})
    found = translate(stack.project, memory, Options(origin=stack.origin))
    return explain(stack.keys(), found), found


def rows(text: str) -> dict[str, Row]:
    return {row.key: row for row in explained(text)[0].rows}


def test_a_row_says_where_from_and_where_to() -> None:
    row = rows("services:\n  web:\n    image: nginx:1\n    mem_limit: 1g\n")["services.web.mem_limit"]

    assert str(row.span) == "compose.yaml:4:5"
    assert row.kind is Kind.EXACT
    assert row.places == ("Deployment/web spec.template.spec.containers[0].resources.limits.memory",)


def test_sections_and_plain_items_have_no_rows_of_their_own() -> None:
    found = rows("services:\n  web:\n    image: x\n    cap_add: [CHOWN, KILL]\n    deploy:\n      replicas: 2\n")

    assert list(found) == ["services.web.image", "services.web.cap_add", "services.web.deploy.replicas"]


def test_short_form_is_one_row_long_form_one_for_each_key() -> None:
    found = rows(
        'services:\n  web:\n    image: nginx\n    ports:\n      - "80:80"\n      - target: 81\n        mode: host\n'
    )

    assert [key for key in found if "ports" in key] == [
        "services.web.ports[0]",
        "services.web.ports[1].target",
        "services.web.ports[1].mode",
    ]


def test_what_loading_implies_has_no_row() -> None:
    """`links` implies a dependency, every service the default network; nobody wrote them."""
    found = rows(
        "services:\n  web:\n    image: x\n    expose: [1]\n    links: [db]\n  db:\n    image: x\n    expose: [1]\n"
    )

    assert list(found) == [
        *("services.web.image", "services.web.expose", "services.web.links"),
        *("services.db.image", "services.db.expose"),
    ]


def test_note_overrides_the_table() -> None:
    found = rows('services:\n  a:\n    image: x\n    user: "1"\n  b:\n    image: x\n    user: me\n')

    assert found["services.a.user"].kind is Kind.EXACT
    assert found["services.b.user"].kind is Kind.NEEDS_ACTION
    assert found["services.b.user"].places == ()


def test_item_that_goes_nowhere_takes_all_its_keys_along() -> None:
    found = rows(
        "services:\n  web:\n    image: x\n    volumes:\n      - type: bind\n        source: /etc/localtime\n"
        "        target: /etc/localtime\n        read_only: true\n"
    )

    assert {row.kind for key, row in found.items() if "volumes" in key} == {Kind.APPROXIMATED}


def test_extension_loses_nothing() -> None:
    found, _ = explained("x-a: {b: 1}\nservices:\n  web:\n    image: x\n    x-b: 1\n")

    assert [row.kind for row in found.rows] == [Kind.NOT_APPLICABLE, Kind.EXACT, Kind.NOT_APPLICABLE]
    assert found.faithful


@pytest.mark.parametrize(
    ("line", "faithful"),
    [("labels: {a: b}", True), ("attach: false", True), ("ports: ['80']", False), ("user: me", False)],
)
def test_strict(line: str, faithful: bool) -> None:
    assert explained(f"services:\n  web:\n    image: nginx:1\n    {line}\n")[0].faithful is faithful


def test_disabled_service_is_no_part_of_the_stack() -> None:
    found = rows("services:\n  web:\n    image: x\n  extra:\n    image: x\n    profiles: [dev]\n    user: me\n")

    assert list(found) == ["services.web.image"]


@pytest.mark.parametrize(
    ("kinds", "text"),
    [
        ([], "0 objects; 0 keys"),
        ([Kind.EXACT], "0 objects; 1 key: 1 exact"),
        ([Kind.NEEDS_ACTION], "0 objects; 1 key: 1 needs action"),
        (
            [Kind.NOT_APPLICABLE, Kind.NEEDS_ACTION, Kind.NOT_YET, Kind.EXACT, Kind.APPROXIMATED, Kind.NEEDS_ACTION],
            "0 objects; 6 keys: 1 exact, 1 approximated, 2 need action, 1 not yet supported, 1 not applicable",
        ),
    ],
)
def test_summary(kinds: list[Kind], text: str) -> None:
    assert Explanation((), 0, "object", Counter(kinds)).summary() == text


def test_keys_with_dots_and_ports_with_two_protocols() -> None:
    found = rows(
        "services:\n  web:\n    image: x\n    labels: {a.b: c}\n    ports: ['53:53', '53:53/udp']\n"
        "    extra_hosts: ['a:10.0.0.1']\n    sysctls: {net.ipv4.tcp_syncookies: 0}\n"
    )

    assert found["services.web.labels.a.b"].places == ('Deployment/web spec.template.metadata.annotations["a.b"]',)
    assert found["services.web.ports[1]"].places == ("Service/web spec.ports[1]", "Service/web-published spec.ports[1]")
    assert found["services.web.extra_hosts.a"].places == ("Deployment/web spec.template.spec.hostAliases[0]",)
    assert len(found["services.web.sysctls.net.ipv4.tcp_syncookies"].places) == 1


JOBS = """
services:
  web:
    image: x
    scale: 2
    pre_start: [{command: [a], per_replica: true}, {environment: {A: b}}, {volumes: [{type: tmpfs, target: /x}]}]
jobs:
  nightly:
    image: x
    ports: [{target: 80}]
    labels: {a: b}
    triggers: {schedule: [{cron: "@hourly"}, {cron: "@every 5m", timezone: UTC, missed_fires: skip}]}
"""


def test_places_of_jobs_and_of_what_runs_before() -> None:
    found = rows(JOBS)
    (job,) = {place.partition(" ")[0] for place in found["services.web.pre_start[1]"].places}
    pod = "spec.template.spec"

    assert job.startswith("Job/web-pre-start-")
    assert {key: row.places for key, row in found.items() if "pre_start" in key} == {
        "services.web.pre_start[0].command": (f"Deployment/web {pod}.initContainers[1].args",),
        "services.web.pre_start[0].per_replica": (f"Deployment/web {pod}.initContainers[1]",),
        "services.web.pre_start[1]": (f"{job} {pod}.initContainers[0]",),
        "services.web.pre_start[1].environment.A": (f"{job} {pod}.initContainers[0].env[0]",),
        "services.web.pre_start[2]": (f"{job} {pod}.containers[0]",),
        "services.web.pre_start[2].volumes[0].type": (f"{job} {pod}.containers[0].volumeMounts[0]",),
        "services.web.pre_start[2].volumes[0].target": (f"{job} {pod}.containers[0].volumeMounts[0].mountPath",),
    }
    template = "CronJob/nightly spec.jobTemplate.spec.template"
    assert {key: row.places for key, row in found.items() if key.startswith("jobs")} == {
        "jobs.nightly.image": (f"{template}.spec.containers[0].image",),
        "jobs.nightly.ports[0].target": (f"{template}.spec.containers[0].ports[0]",),
        "jobs.nightly.labels.a": (f"{template}.metadata.annotations.a",),
        "jobs.nightly.triggers.schedule[0]": ("CronJob/nightly",),
        "jobs.nightly.triggers.schedule[0].cron": ("CronJob/nightly spec.schedule",),
        "jobs.nightly.triggers.schedule[1]": ("CronJob/nightly-2",),
        "jobs.nightly.triggers.schedule[1].cron": ("CronJob/nightly-2 spec.schedule",),
        "jobs.nightly.triggers.schedule[1].timezone": ("CronJob/nightly-2 spec.timeZone",),
        "jobs.nightly.triggers.schedule[1].missed_fires": ("CronJob/nightly-2 spec.startingDeadlineSeconds",),
    }


def test_segments() -> None:
    place = "container.ports[containerPort={target},protocol={protocol}].hostPort"
    segments = parsed(place, "Deployment")

    assert role_of(place) == "workload"
    assert [one.name for one in segments] == ["spec", "template", "spec", "containers", "ports", "hostPort"]
    assert (segments[3].keys, segments[3].wanted) == (("name",), ("{container}",))
    assert segments[4].keys == ("containerPort", "protocol")
    assert segments[4].wanted == ("{target}", "{protocol}")


def test_every_place_of_the_table_is_one() -> None:
    assert all(parsed(place, "CronJob") or role_of(place) for fate in FATES.values() for place in fate.places)


def test_what_is_no_place() -> None:
    with pytest.raises(ValueError, match="not a segment"):
        parsed("container.ports[0", "Job")


def test_index_knows_the_first_of_equals_and_every_value_of_a_list() -> None:
    items = [{"ip": 1, "names": ["a", "b"]}, {"ip": 2, "names": ["b", "c"]}, {"ip": 3}]

    assert index_of(items, ("names",)) == {("a",): 0, ("b",): 0, ("c",): 1}
    assert index_of(items, ("ip", "names"))["2", "b"] == 1


def test_of_a_provided_service_nothing_is_called_exact() -> None:
    text = "services: {a: {provider: {type: x}, environment: {A: b}, depends_on: [b]}, b: {image: i}}\n"

    kinds = {key: row.kind for key, row in rows(text).items()}

    assert kinds["services.a.environment.A"] is Kind.NOT_APPLICABLE
    assert kinds["services.b.image"] is Kind.EXACT
