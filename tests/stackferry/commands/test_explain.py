"""`stackferry explain`."""

import json

import pytest

STACK = """\
name: shop
services:
  web:
    image: nginx:1.27
    stop_signal: SIGKILL
    logging: {driver: gelf}
    networks: [front]
  db:
    image: postgres:17
networks:
  front: {}
"""


@pytest.fixture
def stack(here):
    (here / "compose.yaml").write_text(STACK)
    return here


def test_every_key_with_its_line_fate_and_place(stack, stackferry):
    outcome = stackferry("explain", "--format", "json")
    rows = {row["key"]: row for row in json.loads(outcome.out)}

    assert outcome.code == 0
    assert (rows["services.web.image"]["file"], rows["services.web.image"]["line"]) == ("compose.yaml", 4)
    assert rows["services.web.image"]["fate"] == "exact"
    assert rows["services.web.image"]["places"] == ["Deployment/web spec.template.spec.containers[0].image"]
    assert rows["services.web.logging.driver"]["fate"] == "needs action"
    assert rows["services.web.logging.driver"]["line"] == 6
    assert {"name", "services.db.image", "networks.front"} <= rows.keys()


def test_the_table_has_a_group_per_service(stack, stackferry):
    lines = stackferry("explain").out.splitlines()

    assert lines[0].split() == ["KEY", "WRITTEN", "AT", "FATE", "IN", "THE", "MANIFESTS"]
    assert [line for line in lines if line.startswith("services.")] == ["services.web", "services.db"]
    image = next(line for line in lines if line.startswith("  image"))
    assert image.split() == ["image", "compose.yaml:4", "exact", "Deployment/web", "…containers[0].image"]


def test_the_summary_is_that_of_convert(stack, stackferry):
    explained = stackferry("explain").err.splitlines()[-1]

    assert stackferry("convert").err.splitlines()[-1].startswith(explained)


def test_a_key_from_another_file_names_that_file(here, stackferry):
    (here / "common.yaml").write_text("services:\n  base:\n    image: nginx\n    user: '1000'\n")
    (here / "compose.yaml").write_text("services:\n  web:\n    extends: {file: common.yaml, service: base}\n")

    rows = {row["key"]: row for row in json.loads(stackferry("explain", "--format", "json").out)}

    assert rows["services.web.user"]["file"].endswith("common.yaml")
    assert rows["services.web.user"]["line"] == 4


def test_local_target_tells_of_the_engine(stack, stackferry):
    outcome = stackferry("explain", "--target", "local", "--format", "json")
    rows = {row["key"]: row for row in json.loads(outcome.out)}

    assert outcome.code == 0
    assert rows["services.web.stop_signal"]["fate"] == "exact"
    assert rows["services.web.stop_signal"]["places"] == ["shop_web stop_signal"]
    assert rows["networks.front"]["places"] == ["network shop_front"]
    assert "2 services" in outcome.err


def test_local_target_in_a_table(stack, stackferry):
    outcome = stackferry("explain", "--target", "local")

    assert "ON THE ENGINE" in outcome.out
    assert "services.web, in shop_web unless it says otherwise" in outcome.out


def test_markdown_for_a_review(stack, stackferry):
    outcome = stackferry("explain", "--format", "markdown")
    heading, rule, *rows = outcome.out.splitlines()

    assert heading.startswith("| key | written at | fate | in the manifests |")
    assert set(rule) == set("| -")
    assert len(rows) == len(json.loads(stackferry("explain", "--format", "json").out))
    assert {row.count(" | ") for row in rows} == {heading.count(" | ")}
    assert any(row.startswith("| `services.web.logging.driver` | `compose.yaml:6` | needs action |") for row in rows)


def test_json_has_the_codes_of_notes(stack, stackferry):
    rows = {row["key"]: row for row in json.loads(stackferry("explain", "--format", "json").out)}

    assert rows["services.web.logging.driver"]["codes"] == ["kubernetes-logging"]
    assert rows["services.web.image"]["codes"] == []


def test_options_of_the_translation(here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: nginx, ports: ['80:80']}}\n")

    rows = json.loads(stackferry("explain", "--node-port-range", "1-65535", "--format", "json").out)

    assert {row["key"] for row in rows} == {"services.web.image", "services.web.ports[0]"}
    assert stackferry("explain", "--node-port-range", "none").code == 2
