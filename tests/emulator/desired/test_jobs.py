"""Jobs as services: which exist, what `run` makes of a job, and what is refused."""

import pytest

from stackferry.emulator.desired.jobs import run_by_hand
from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.diagnostics import SourceError, StackferryError
from tests.emulator.stacks import loaded, made

FILE = """
name: s
services:
  db: {image: db, depends_on: [net]}
  net: {image: net}
  other: {image: other}
  off: {image: off, profiles: [p]}
jobs:
  first: {image: a, triggers: {manual: true}}
  second: {image: b, triggers: {manual: true}, depends_on: {first: {condition: service_completed_successfully}}}
  third:
    image: c
    triggers: {manual: true}
    depends_on: {second: {condition: service_started}, db: {condition: service_started}}
  never: {image: d, triggers: {manual: false, schedule: [0 0 1 1 *]}}
  hidden: {image: e, profiles: [p], triggers: {manual: true}}
  wants: {image: f, triggers: {manual: true}, depends_on: {never: {condition: service_started}}}
"""


def project(text: str = FILE) -> Project:
    return loaded(text)[0].project


@pytest.mark.parametrize(
    ("name", "services"),
    [
        ("first", {"first"}),
        ("second", {"first", "second"}),
        ("third", {"first", "second", "third", "db", "net"}),
        ("hidden", {"hidden"}),
    ],
)
def test_by_hand_with_what_it_depends_on(name: str, services: set[str]) -> None:
    found = run_by_hand(project(), name)

    assert found is not None
    assert ({*found.services}, {*found.jobs}) == (services, set())
    assert str(found.services[name].restart) == "no"


def test_what_is_no_job() -> None:
    assert run_by_hand(project(), "db") is None
    assert run_by_hand(project(), "nobody") is None


@pytest.mark.parametrize(
    ("name", "said"), [("never", "job never has manual: false"), ("wants", "job never, which wants depends on, has")]
)
def test_manual_false(name: str, said: str) -> None:
    with pytest.raises(StackferryError, match=said):
        run_by_hand(project(), name)


def test_only_those_with_a_schedule_are_deployed() -> None:
    assert [spec.name for spec in made(FILE).services if spec.schedules] == ["s_never"]
    assert {spec.name for spec in made(FILE).services} == {"s_db", "s_net", "s_other", "s_never"}


def test_what_is_wrong_with_a_schedule_is_refused_at_its_place() -> None:
    schedule = "{cron: '61 * * * *', timezone: Mars}"
    text = f"services: {{}}\njobs:\n  j:\n    image: a\n    triggers:\n      schedule:\n        - {schedule}\n"

    with pytest.raises(SourceError) as raised:
        made(text)

    assert [(one.code, one.span.line, one.span.column) for one in raised.value.diagnostics if one.span] == [
        ("invalid-schedule", 7, 18),
        ("invalid-schedule", 7, 42),
    ]
