"""The scripts, really run, with a fake curl."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stackferry.translator.order import scripts
from stackferry.translator.order.scripts import ANSWERS, COMPLETED, READY, STARTED

CURL = """\
#!/bin/sh
# Answers as the next file of the folder says: its first line is the exit code, the rest the output.
count=$(cat "$ANSWERS_DIR/count")
next=$((count + 1))
[ -e "$ANSWERS_DIR/$next" ] || next=$count
echo $next > "$ANSWERS_DIR/count"
echo "$@" >> "$ANSWERS_DIR/asked"
case "$*" in *'-H @-'*) cat >> "$ANSWERS_DIR/sent" ;; esac
tail -n +2 "$ANSWERS_DIR/$next"
exit "$(head -n 1 "$ANSWERS_DIR/$next")"
"""
NO_NAME, NO_INTERFACE, REFUSED = (6, ""), (45, ""), (7, "0.000000")
CONNECTED = (48, "0.000134")


class Box:
    """A folder with a curl that gives `answers` in turn (the last for ever), a resolver and an account."""

    def __init__(self, folder: Path, answers: list[tuple[int, str]], search: str = "") -> None:
        self.folder = folder
        for name, text in {"curl": CURL, "sleep": "#!/bin/sh\n"}.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        (folder / "count").write_text("0")
        for number, (code, output) in enumerate(answers, 1):
            (folder / str(number)).write_text(f"{code}\n{output}")
        (folder / "resolv.conf").write_text(f"nameserver 10.0.0.10\n{search}")
        (folder / "token").write_text("t0ken")
        (folder / "namespace").write_text("shop")

    def run(self, script: str, path: str | None = None, **variables: str) -> list[str]:
        """What the script says; it must end by itself. `path` is where its programs are, if not here and everywhere."""
        here = script.replace("/etc/resolv.conf", f"{self.folder}/resolv.conf").replace(
            scripts.ACCOUNT, str(self.folder)
        )
        path = path or f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        found = subprocess.run(
            ["/bin/sh", "-c", here],
            env={"PATH": path, "ANSWERS_DIR": str(self.folder), **variables},
            capture_output=True,
            text=True,
            timeout=20,
        )
        assert (found.returncode, found.stderr) == (0, "")
        return found.stdout.splitlines()

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()


def test_started_when_the_name_is_known(tmp_path: Path) -> None:
    box = Box(tmp_path, [NO_NAME, (28, ""), NO_INTERFACE], "search shop.svc.cluster.local svc.cluster.local\n")

    assert box.run(STARTED, SERVICE="db") == ["waiting until the name db is known", "db is known"]
    assert len(box.asked) == 3
    assert box.asked[0].endswith("http://db.shop.svc.cluster.local./")


def test_busybox_will_do_for_names_and_ports(tmp_path: Path) -> None:
    """Without curl in the image: 127 is what a shell says of it."""
    box = Box(tmp_path, [], "search shop.svc.cluster.local\n")
    (tmp_path / "curl").unlink()
    for name, wrong in {"nslookup": 3, "nc": 2}.items():
        count = tmp_path / f"{name}.count"
        (tmp_path / name).write_text(f'#!/bin/sh\necho "$*" >> {count}\n[ "$(wc -l < {count})" -gt {wrong} ]\n')
        (tmp_path / name).chmod(0o755)
    for name in ("sh", "cat", "date", "grep", "wc", "head", "tail"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)

    said = box.run(ANSWERS, path=str(tmp_path), SERVICE="db-ready", PORTS="5432", PATIENCE="30", LIMIT="")

    assert said[1] == "a pod of db is ready"
    assert said[-1] == "db answers"
    assert (tmp_path / "nslookup.count").read_text().startswith("-type=a db-ready.shop.svc.cluster.local.\n")


@pytest.mark.parametrize("search", ["", "search example.com\n"])
def test_the_bare_name_outside_of_a_cluster(tmp_path: Path, search: str) -> None:
    box = Box(tmp_path, [NO_INTERFACE], search)
    box.run(STARTED, SERVICE="db")

    assert box.asked[0].endswith("http://db/")


def test_ready_when_the_name_of_ready_pods_is_known(tmp_path: Path) -> None:
    box = Box(tmp_path, [NO_NAME, NO_INTERFACE])

    assert box.run(READY, SERVICE="db-ready") == ["waiting until a pod of db is ready", "a pod of db is ready"]


def test_what_is_not_required_is_not_awaited_for_ever(tmp_path: Path) -> None:
    assert Box(tmp_path, [NO_NAME]).run(READY, SERVICE="db-ready", LIMIT="0")[-1].endswith("not required: going on")


def test_a_port_answers(tmp_path: Path) -> None:
    box = Box(tmp_path, [NO_INTERFACE, REFUSED, REFUSED, REFUSED, CONNECTED])
    said = box.run(ANSWERS, SERVICE="db-ready", PORTS="80 5432", PATIENCE="30")

    assert said[1:] == ["a pod of db is ready", "waiting until db answers at one of its ports: 80 5432", "db answers"]
    assert [line.rpartition(":")[2] for line in box.asked[1:]] == ["80", "5432", "80", "5432"]


def test_a_port_at_which_nobody_listens_holds_nobody_up(tmp_path: Path) -> None:
    box = Box(tmp_path, [NO_INTERFACE, REFUSED])

    assert box.run(ANSWERS, SERVICE="db-ready", PORTS="80", PATIENCE="0")[-1] == "no answer after 0 s: going on"


def job(*conditions: Mapping[str, Any]) -> dict[str, Any]:
    """A Job as the API server sends it, with texts in it that look like what a script looks for."""
    decoy = '{"type":"Complete","status":"True"}'
    return {
        "kind": "Job",
        "apiVersion": "batch/v1",
        "metadata": {"name": "migrate", "annotations": {"a": decoy}, "managedFields": [{"k:" + decoy: {}}]},
        "spec": {"template": {"spec": {"containers": [{"env": [{"name": "X", "value": decoy}]}]}}},
        "status": {"conditions": list(conditions), "startTime": "2026-11-30T00:00:00Z", "ready": 0},
    }


def condition(kind: str, status: str = "True") -> dict[str, Any]:
    return {"type": kind, "status": status, "lastProbeTime": "x", "message": "Job has {reached} the: end"}


def answer(body: Mapping[str, Any], pretty: bool, code: str = "200") -> tuple[int, str]:
    return 0, json.dumps(body, indent=2 if pretty else None, separators=None if pretty else (",", ":")) + (
        f'{{"answer":"{code}"}}'
    )


RUNNING = job()
DONE = [job(condition("SuccessCriteriaMet")), job(condition("SuccessCriteriaMet"), condition("Complete"))]
NOT_DONE = [job(condition("Complete", "False")), job(condition("Suspended"))]
FAILED = job(condition("FailureTarget"), condition("Failed"))


@pytest.mark.parametrize("pretty", [True, False])
@pytest.mark.parametrize("done", DONE)
def test_a_job_that_completes(tmp_path: Path, pretty: bool, done: dict[str, Any]) -> None:
    box = Box(tmp_path, [answer(one, pretty) for one in (RUNNING, *NOT_DONE, done)])

    assert box.run(COMPLETED, JOB="migrate", ROLE="shop-waits") == [
        "waiting until the Job migrate is complete",
        "the Job migrate runs",
        "the Job migrate is complete",
    ]
    assert len(box.asked) == 4
    assert box.asked[0].endswith("https://kubernetes.default.svc/apis/batch/v1/namespaces/shop/jobs/migrate")
    assert "--cacert ca.crt" in box.asked[0]
    assert "t0ken" not in box.asked[0]
    assert (tmp_path / "sent").read_text() == "Authorization: Bearer t0ken" * 4


@pytest.mark.parametrize("pretty", [True, False])
def test_a_job_that_failed_is_told_and_awaited(tmp_path: Path, pretty: bool) -> None:
    box = Box(tmp_path, [answer(FAILED, pretty), answer(FAILED, pretty), answer(DONE[1], pretty)])

    said = box.run(COMPLETED, JOB="migrate", ROLE="shop-waits")
    assert said[1:] == [
        "the Job migrate failed, so that this pod does not start: kubectl logs -n shop job/migrate",
        "the Job migrate is complete",
    ]


def test_a_failure_of_what_is_not_required(tmp_path: Path) -> None:
    box = Box(tmp_path, [answer(FAILED, pretty=False)])

    assert box.run(COMPLETED, JOB="migrate", OPTIONAL="yes")[-1].endswith("not required: going on")


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (answer({}, False, "404"), "there is no Job migrate"),
        (answer({}, False, "403"), "not allowed to look at the Job migrate: apply the Role and the RoleBinding waits"),
        (answer({}, False, "401"), "not allowed to look at the Job migrate"),
        (answer({}, False, "503"), "no answer from the API server at https"),
        ((7, '{"answer":"000"}'), "no answer from the API server at https"),
        ((127, ""), "no answer from the API server at https"),
    ],
    ids=str,
)
def test_trouble_is_told_and_passes(tmp_path: Path, first: tuple[int, str], expected: str) -> None:
    said = Box(tmp_path, [first, answer(DONE[1], pretty=True)]).run(COMPLETED, JOB="migrate", ROLE="waits")

    assert said[1].startswith(expected)
    assert said[2] == "the Job migrate is complete"
