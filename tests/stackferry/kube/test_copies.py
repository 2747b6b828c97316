"""`kube up`, `plan` and `down` of a stack with local folders; its claims are folders here."""

import os

import pytest

from stackferry.translator.cluster import client, kubeconfig, wait
from stackferry.translator.cluster.copying import host_folder
from stackferry.translator.manifest.names import dns_label
from tests.stackferry.commands.test_kube import Living
from tests.translator.cluster.copying.claims import LABELS, SHELLS, Claims

STACK = """\
name: shop
services:
  web: {image: "nginx:1.27", restart: always, volumes: ["./pages:/pages:ro"]}
  app: {image: "acme/app:1", restart: always, volumes: ["./code:/code"]}
"""


class Cluster(Claims, Living):
    """Workloads are ready as soon as they are applied; a claim is made with its folder."""

    def _applied(self, path, body, *, dry_run):
        if body["kind"] == "PersistentVolumeClaim" and not dry_run:
            self.claim(body["metadata"]["name"]).mkdir(mode=0o777, exist_ok=True)
        return super()._applied(path, body, dry_run=dry_run)


@pytest.fixture
def cluster(here, tmp_path, monkeypatch):
    (here / "compose.yaml").write_text(STACK)
    (here / "pages").mkdir()
    (here / "pages" / "large").write_bytes(b"x" * 2_000_000)
    (here / "code").mkdir()
    (here / "code" / "app.py").write_text("one")
    claims = tmp_path / "claims-of-the-cluster"
    claims.mkdir()
    found = Cluster(claims, SHELLS[0])
    monkeypatch.setattr(wait, "STABLE", 0.0)
    monkeypatch.setattr(kubeconfig, "contexts", lambda _: {"fake": "default"})
    monkeypatch.setattr(client, "connect", lambda context, _: found)
    # Nobody schedules pods here.
    monkeypatch.setattr("stackferry.translator.cluster.copying.helper_pods._NODE", 0.0)
    return found


def test_what_pods_wait_for_is_copied(cluster, here, stackferry):
    planned = stackferry("kube", "plan", "--context", "fake")
    first = stackferry("kube", "up", "--context", "fake", "--yes")
    again = stackferry("kube", "up", "--context", "fake")

    assert planned.out.endswith(
        "copy into PersistentVolumeClaim/host-code\n  ./code: 1 file, 3 B\n"
        "copy into PersistentVolumeClaim/host-pages\n  ./pages: 1 file, 2.0 MB\n"
    )
    assert (first.code, again.code) == (0, 0), first.err
    assert "kubectl run" not in planned.err + first.err
    assert (cluster.data("host-pages") / "large").stat().st_size == 2_000_000
    assert (cluster.data("host-code") / "app.py").read_text() == "one"
    assert "./pages is in the claim host-pages: 1 copied (2.0 MB)" in first.err
    assert "is in the claim" not in again.err
    assert stackferry("kube", "plan", "--context", "fake").out == ""
    assert not [one for one in cluster.ids() if one.startswith("Pod/")]


def test_a_change_is_planned_and_copied(cluster, here, stackferry):
    stackferry("kube", "up", "--context", "fake", "--yes")
    (here / "code" / "app.py").write_text("two")

    planned = stackferry("kube", "plan", "--context", "fake")
    done = stackferry("kube", "up", "--context", "fake")

    assert planned.out == "copy what has changed into PersistentVolumeClaim/host-code\n  ./code: 1 file, 3 B\n"
    assert done.code == 0, done.err
    assert (cluster.data("host-code") / "app.py").read_text() == "two"


def test_nothing_is_applied_where_a_file_cannot_be_copied(cluster, here, stackferry, monkeypatch):
    monkeypatch.setattr(host_folder, "_opened", _refuse)

    done = stackferry("kube", "up", "--context", "fake", "--yes")

    assert done.code == 1
    assert "error: ./code/app.py cannot be copied" in done.err
    assert cluster.objects == {}


def _refuse(place, copy):
    raise host_folder.CopyError(f"{copy.shown}/{place.rpartition('/')[2]} cannot be copied", "")


def test_what_nothing_can_copy_is_told(cluster, here, stackferry):
    os.mkfifo(here / "code" / "pipe")

    done = stackferry("kube", "up", "--context", "fake", "--yes")

    assert done.code == 0, done.err
    assert "./code: pipe cannot be copied (neither a file nor a folder)" in done.err


def test_what_a_killed_copy_has_left_goes_with_the_stack(cluster, stackferry):
    stackferry("kube", "up", "--context", "fake", "--yes")
    cluster.put("Pod", "copy-left", metadata={"labels": {**LABELS, "stackferry/copies-into": dns_label("host-code")}})

    assert stackferry("kube", "down", "--context", "fake", "--volumes").code == 0

    assert cluster.objects == {}
