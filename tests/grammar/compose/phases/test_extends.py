"""Extended services: within a file and across files, dropped keys, and errors with their spans."""

import pytest

from tests.grammar.making import FILE, codes, config, problems, service

OTHER = "services:\n  base: {image: b, build: ./app, environment: {A: '1', B: '1'}}\n  mid: {extends: base, user: m}\n"
ACROSS = "services: {web: {extends: {file: %s}"


def test_a_chain_within_a_file_and_one_across_files() -> None:
    text = "services: {a: {image: x, user: a}, b: {extends: a, tty: true}, web: {extends: {service: b}, user: w}}"

    assert {"image": "x", "user": "w", "tty": True}.items() <= service(text).items()

    found = service(
        {
            FILE: "services: {web: {extends: {file: sub/o.yaml, service: mid}, environment: {B: '2'}}}",
            "sub/o.yaml": OTHER,
        }
    )
    assert (found["image"], found["user"], found["environment"]) == ("b", "m", {"A": "1", "B": "2"})
    assert found["build"]["context"] == "/home/me/shop/sub/app"


def test_a_reset_drops_what_the_base_says() -> None:
    found = service(
        {FILE: "services: {web: {extends: {file: o.yaml, service: base}, environment: !reset null}}", "o.yaml": OTHER}
    )

    assert "environment" not in found


@pytest.mark.parametrize(
    ("extends", "code"),
    [
        ("web", "2:19 extends-cycle"),
        ("a", "2:28 extends-unknown"),
        ("{file: o.yaml, service: a}", "2:52 extends-unknown"),
        ("{file: no.yaml, service: a}", "2:35 file-unreadable"),
        ("{file: https://x/y.yaml, service: a}", "2:35 remote-refused"),
        ("{file: 1, service: a}", "2:35 extends-syntax"),
        ("{file: o.yaml}", "2:19 extends-syntax"),
        ("[a]", "2:19 extends-syntax"),
        ("{file: e.yaml, service: a}", "2:35 extends-unknown"),
    ],
)
def test_what_is_refused_and_where(extends: str, code: str) -> None:
    text = f"services:\n  web: {{image: x, extends: {extends}}}\n"

    assert code in codes({FILE: text, "o.yaml": OTHER, "e.yaml": "x-a: 1\n"})


def test_a_circle_is_told_with_its_steps() -> None:
    told = problems("services: {a: {extends: b}, b: {extends: a}}")

    assert "\n  a in compose.yaml\n  b in compose.yaml\n  a in compose.yaml" in told[0]


def test_services_that_are_nothing_are_refused_in_every_document() -> None:
    files = {FILE: "services: {a: {image: x}}\n---\nservices:\n"}

    assert codes(files) == ["3:10 wrong-type"]


def test_jobs_extend_jobs_of_their_file_and_services_of_another() -> None:
    files = {
        "compose.yaml": """\
services: {a: {image: x}}
jobs:
  one: {image: y, environment: {A: "1"}, triggers: {manual: true}}
  two: {extends: one, environment: {B: "2"}}
  three: {extends: {file: o.yaml, service: base}, triggers: {schedule: ["@daily"]}}
""",
        "o.yaml": "services: {base: {image: z}}\n",
    }
    jobs = config(files)["jobs"]

    assert jobs["two"]["environment"] == {"A": "1", "B": "2"}
    assert jobs["two"]["triggers"] == {"manual": True}
    assert jobs["three"]["image"] == "z"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "services: {web: {image: x}}\njobs: {j: {extends: web, triggers: {manual: true}}}",
            (
                "compose.yaml:2:21: error[extends-unknown]: job 'j' extends 'web', which is not"
                " defined in compose.yaml\n  hint: that is a service, and a job can only extend jobs"
                " of the same file: share the keys with an anchor, <<: *name"
            ),
        ),
        (
            "services: {web: {extends: j}}\njobs: {j: {image: x, triggers: {manual: true}}}",
            (
                "compose.yaml:1:27: error[extends-unknown]: service 'web' extends 'j', which is not "
                "defined in compose.yaml\n"
                "  hint: that is a job, and a service can only extend services"
            ),
        ),
        (
            "services: {web: {image: x}}\njobs: {j: {extends: {job: k}, image: x, triggers: {manual: true}}}",
            "compose.yaml:2:12: error[extends-syntax]: jobs.j.extends: the name of a service is required",
        ),
    ],
)
def test_a_job_is_called_a_job(text: str, told: str) -> None:
    assert problems(text)[0] == told
