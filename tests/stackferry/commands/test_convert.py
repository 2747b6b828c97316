"""`stackferry convert`."""

import json
import os

import pytest
import yaml

STACK = """\
name: shop
services:
  web:
    image: nginx:1.27
    ports: ["8080:80"]
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: hunter2}
    volumes: ["data:/var/lib/postgresql/data"]
volumes: {data: {}}
"""
LOSSY = "services: {web: {image: nginx, mac_address: '02:42:ac:11:00:02', privileged: false}}\n"


@pytest.fixture
def stack(here):
    (here / "compose.yaml").write_text(STACK)
    return here


def names(documents):
    return {f"{one['kind']}/{one['metadata']['name']}" for one in documents}


def test_standard_output_is_a_stream_of_manifests(stack, stackferry):
    outcome = stackferry("convert")

    assert outcome.code == 0
    assert {"Deployment/web", "Deployment/db", "Service/web", "Service/db", "PersistentVolumeClaim/data"} <= names(
        yaml.safe_load_all(outcome.out)
    )


def test_json_is_a_list_of_the_same_objects(stack, stackferry):
    document = json.loads(stackferry("convert", "--format", "json").out)

    assert document["items"] == list(yaml.safe_load_all(stackferry("convert").out))


def test_the_last_line_on_standard_error_sums_up(stack, stackferry):
    outcome = stackferry("convert")
    objects = len(list(yaml.safe_load_all(outcome.out)))

    assert outcome.err.splitlines()[-1].startswith(f"shop: {objects} objects; ")


def test_for_a_machine_standard_error_is_one_json_list(here, stackferry):
    (here / "compose.yaml").write_text(LOSSY)

    outcome = stackferry("convert", "--format", "json")
    findings = json.loads(outcome.err)

    assert (findings[0]["path"], findings[0]["line"], findings[0]["severity"]) == ("compose.yaml", 1, "warning")
    assert findings[-1]["severity"] == "info"
    assert " objects; " in findings[-1]["message"]


def test_a_folder_gets_a_file_per_object(stack, stackferry):
    outcome = stackferry("convert", "-o", "out")

    texts = [path.read_text() for path in (stack / "out").glob("*.yaml")]
    assert (outcome.code, outcome.out) == (0, "")
    assert names(yaml.safe_load(text) for text in texts) == names(yaml.safe_load_all(stackferry("convert").out))
    assert f"{len(texts)} files in out" in outcome.err


@pytest.mark.parametrize(("name", "parse"), [("all.yaml", yaml.safe_load_all), ("all.yml", yaml.safe_load_all)])
def test_a_name_with_a_suffix_is_a_file(stack, stackferry, name, parse):
    assert stackferry("convert", "-o", name).code == 0
    assert (stack / name).read_text() == stackferry("convert").out


def test_the_suffix_chooses_json(stack, stackferry):
    assert stackferry("convert", "-o", "all.json").code == 0
    assert (stack / "all.json").read_text() == stackferry("convert", "--format", "json").out


def test_somebody_elses_folder_is_left_alone(stack, stackferry):
    (stack / "out").mkdir()
    (stack / "out" / "precious.txt").write_text("mine")

    outcome = stackferry("convert", "-o", "out")

    assert (outcome.code, outcome.out) == (1, "")
    assert "precious.txt" in outcome.err
    assert os.listdir(stack / "out") == ["precious.txt"]


def test_a_tree_for_reading(stack, stackferry):
    outcome = stackferry("convert", "--format", "tree")

    assert outcome.code == 0
    assert outcome.out.startswith("shop\n├─ ")
    assert "Deployment/web" in outcome.out
    assert "hunter2" not in outcome.out


def test_a_tree_goes_into_no_folder(stack, stackferry):
    assert stackferry("convert", "--format", "tree", "-o", "out").code == 2
    assert not (stack / "out").exists()


def test_namespace(stack, stackferry):
    documents = list(yaml.safe_load_all(stackferry("convert", "-n", "production").out))

    assert documents[0]["kind"] == "Namespace"
    assert {one["metadata"]["namespace"] for one in documents[1:]} == {"production"}


def test_an_illegal_namespace(stack, stackferry):
    outcome = stackferry("convert", "-n", "Not_Legal")

    assert (outcome.code, outcome.out) == (1, "")
    assert "Not_Legal" in outcome.err


def test_strict_fails_on_what_is_worse_than_exact(here, stackferry):
    (here / "compose.yaml").write_text(LOSSY)

    assert stackferry("convert").code == 0
    assert stackferry("convert", "--strict").code == 1
    assert stackferry("convert", "--strict").out == stackferry("convert").out


def test_strict_passes_what_is_exact(here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    assert stackferry("convert", "--strict").code == 0


def test_what_needs_action_is_a_warning_with_its_place(here, stackferry):
    (here / "compose.yaml").write_text(
        "services:\n  web:\n    image: nginx\n    logging: {driver: gelf}\n  db: {image: a}\n"
    )

    warnings = stackferry("convert").err.splitlines()

    assert any(line.startswith("compose.yaml:4:") and "warning[" in line for line in warnings)


def test_manifests_that_do_not_fit_together_are_never_written(stack, stackferry, monkeypatch):
    from stackferry.grammar.diagnostics import Diagnostic, Severity

    broken = (Diagnostic("check-dangling", Severity.ERROR, "Deployment/web: Secret/x does not exist"),)
    monkeypatch.setattr("stackferry.translator.check", lambda *_: broken)

    outcome = stackferry("convert", "-o", "out")

    assert (outcome.code, outcome.out) == (1, "")
    assert "error[check-dangling]: Deployment/web: Secret/x does not exist" in outcome.err
    assert "internal error" in outcome.err
    assert not (stack / "out").exists()


def test_a_broken_file_gives_no_manifests(here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {prots: []}}\n")

    outcome = stackferry("convert", "-o", "out")

    assert (outcome.code, outcome.out) == (1, "")
    assert "'prots'" in outcome.err
    assert not (here / "out").exists()


def test_check_tells_what_is_out_of_date(here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    assert stackferry("convert", "--check", "manifests").code == 1
    assert stackferry("convert", "-o", "manifests").code == 0
    fresh = stackferry("convert", "--check", "manifests")
    (here / "compose.yaml").write_text("services: {web: {image: 'nginx:1.27'}}\n")
    stale = stackferry("convert", "--check", "manifests")

    assert (fresh.code, fresh.out, stale.code, stale.out) == (0, "", 1, "")
    assert "manifests/web-deployment.yaml:" in stale.err
    assert "error[stale-manifest]: differs from the stack" in stale.err
    assert "hint: run stackferry convert -o manifests to update it" in stale.err
    assert "image: nginx\n" in (here / "manifests" / "web-deployment.yaml").read_text()


@pytest.mark.parametrize("words", [("-o", "x"), ("--format", "tree")])
def test_check_writes_nothing(here, stackferry, words):
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    assert stackferry("convert", "--check", "manifests", *words).code == 2
    assert not (here / "x").exists()


@pytest.mark.parametrize("option", ["-o", "--check"])
def test_the_compose_file_is_no_place_for_manifests(stack, stackferry, option):
    os.symlink("compose.yaml", stack / "link.yaml")
    for name in ("compose.yaml", "./compose.yaml", "link.yaml"):
        refused = stackferry("convert", option, name)

        assert refused.code == 2
        assert f"{name} is a compose file of the stack: specify another file" in " ".join(refused.err.split())
    assert (stack / "compose.yaml").read_text() == STACK


@pytest.mark.parametrize("option", ["-o", "--check"])
def test_an_included_or_extended_file_is_none_either(here, stackferry, option):
    (here / "compose.yaml").write_text(
        "include: [more/inc.yaml]\nservices: {web: {extends: {file: base.yaml, service: web}}}\n"
    )
    (here / "more").mkdir()
    (here / "more" / "inc.yaml").write_text("services: {db: {image: postgres}}\n")
    (here / "base.yaml").write_text("services: {web: {image: nginx}}\n")

    for name in ("more/inc.yaml", "base.yaml"):
        assert stackferry("convert", option, name).code == 2, name
    assert "postgres" in (here / "more" / "inc.yaml").read_text()


def test_strict_lists_all_that_is_lossy_with_its_place(here, stackferry):
    (here / "compose.yaml").write_text("services:\n  web:\n    image: nginx\n    cpu_shares: 512\n    mac_address: a\n")

    relaxed, strict = stackferry("convert"), stackferry("convert", "--strict")
    told = [line.split(": ")[0] for line in strict.err.splitlines() if line.startswith("compose.yaml:")]

    assert (relaxed.code, strict.code, strict.out) == (0, 1, relaxed.out)
    assert told == ["compose.yaml:4:5", "compose.yaml:5:5"]
    assert "cpu_shares" not in relaxed.err


def test_strict_security_names_the_controls_that_are_lost(here, stackferry):
    (here / "compose.yaml").write_text(
        "services:\n  web:\n    image: nginx\n    mac_address: a\n    pids_limit: 9\n    ports: ['10.0.0.1:80:80']\n"
    )

    outcome = stackferry("convert", "--strict-security")
    errors = [line for line in outcome.err.splitlines() if "error[lost-security-control]" in line]

    assert (outcome.code, outcome.out) == (1, stackferry("convert").out)
    assert [line.split(": ")[0] for line in errors] == ["compose.yaml:5:17", "compose.yaml:6:13"]
    assert "exhaust the node's processes" in errors[0]


def test_strict_security_passes_what_is_lossy_elsewhere(here, stackferry):
    (here / "compose.yaml").write_text(LOSSY.replace("privileged", "read_only: true, cap_drop: [ALL], privileged"))

    assert stackferry("convert", "--strict-security").code == 0


def removal(outcome):
    """The command that the run printed."""
    (line,) = [line.strip() for line in outcome.err.splitlines() if line.startswith("  kubectl get ")]
    return line


def test_the_command_that_removes_what_is_no_longer_there(stack, stackferry):
    (stack / "my stack.yaml").write_text(STACK)
    line = removal(stackferry("-f", "my stack.yaml", "convert", "-n", "test", "--no-wait", "-o", "out"))
    query, convert, delete = line.split(" | ")

    assert query.startswith("kubectl get -n test deploy,")
    assert "pvc" not in query
    assert "app.kubernetes.io/instance=shop" in query
    assert convert == "stackferry -f 'my stack.yaml' convert -n test --no-wait --orphans"
    assert delete == "kubectl delete -f -"


def test_an_overview_is_not_applied(stack, stackferry):
    assert "--orphans" not in stackferry("convert", "--format", "tree").err
    assert "--orphans" not in stackferry("convert", "--check", "manifests").err


def test_stale_manifests_are_written_anew_in_the_same_way(stack, stackferry):
    outcome = stackferry("convert", "-n", "test", "--no-wait", "--check", "out")

    assert "hint: run stackferry convert -n test --no-wait -o out to update it" in outcome.err


def given(monkeypatch, text):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_orphans_are_printed_as_manifests(stack, stackferry, monkeypatch):
    held = json.loads(stackferry("convert", "--format", "json").out)
    (stack / "compose.yaml").write_text("name: shop\nservices: {web: {image: 'nginx:1.27'}}\n")
    given(monkeypatch, json.dumps(held))

    outcome = stackferry("convert", "--orphans")

    assert outcome.code == 0
    assert names(yaml.safe_load_all(outcome.out)) == {
        *("Deployment/db", "Service/db", "Service/web-published"),
        *(name for name in names(held["items"]) if name.startswith("Secret/")),
    }
    assert "no longer in the stack" in outcome.err


def test_no_orphans_are_no_manifests(stack, stackferry, monkeypatch):
    given(monkeypatch, stackferry("convert", "--format", "json").out)

    assert stackferry("convert", "--orphans")[:2] == (0, "")


@pytest.mark.parametrize("text", ["", "deployment.apps/web\n", "{}"])
def test_orphans_of_nonsense(stack, stackferry, monkeypatch, text):
    given(monkeypatch, text)

    outcome = stackferry("convert", "--orphans")

    assert (outcome.code, outcome.out) == (1, "")
    assert "kubectl get" in outcome.err


@pytest.mark.parametrize("words", [("-o", "x"), ("--check", "x"), ("--format", "tree"), ("-f", "-")])
def test_orphans_read_and_print(stack, stackferry, words):
    assert stackferry("convert", "--orphans", *words).code == 2


def test_ways_to_what_is_published(stack, stackferry):
    lines = stackferry("convert").err.splitlines()

    assert lines[lines.index("Reach it:") + 1].startswith("  web 8080/tcp: ")


def test_where_nothing_is_published_there_is_no_way(here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    assert "Reach it:" not in stackferry("convert").err
