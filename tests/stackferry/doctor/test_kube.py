"""`doctor --target kube` without a cluster; tests/cluster/test_doctor.py has a real one."""

import json

import pytest


@pytest.fixture
def kubeconfig(here):
    config = {
        "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": {"token": "t0ken"}}],
        "contexts": [{"name": "prod", "context": {"cluster": "c", "user": "u"}}],
    }
    (here / "kubeconfig").write_text(json.dumps(config))
    return str(here / "kubeconfig")


def test_no_context_is_guessed(kubeconfig, stackferry):
    outcome = stackferry("doctor", "--target", "kube", "--kubeconfig", kubeconfig)

    assert outcome.code == 2
    assert "specify the cluster with --context: the kubeconfig has prod" in " ".join(outcome.err.split())


def test_a_cluster_that_does_not_answer(kubeconfig, stackferry):
    words = ("doctor", "--target", "kube", "--context", "prod", "--kubeconfig", kubeconfig)
    outcome = stackferry(*words, "--format", "json")

    (row,) = map(json.loads, outcome.out.splitlines())
    assert outcome.code == 1
    assert (row["Name"], row["Status"]) == ("cluster", "FAIL")
    assert "the cluster of context prod does not respond at http://127.0.0.1:1" in row["Message"]
    assert "t0ken" not in outcome.out + outcome.err


def test_a_broken_compose_file_is_told_first(kubeconfig, here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {imge: x}}\n")

    outcome = stackferry("doctor", "--target", "kube", "--context", "prod", "--kubeconfig", kubeconfig)

    assert outcome.code == 1
    assert "unknown key 'imge'" in outcome.err
