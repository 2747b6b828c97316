"""The command that `convert` prints removes the objects that the stack no longer has, and nothing else."""

from pathlib import Path

import pytest

from tests.cluster.converted import convert
from tests.cluster.kube import Kube
from tests.cluster.typed import commands, remove

_CLAIM = "PersistentVolumeClaim"
OTHERS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: mine, labels: {app.kubernetes.io/instance: shop}}
---
apiVersion: v1
kind: Secret
metadata: {name: bare}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other, labels: {app.kubernetes.io/instance: other, app.kubernetes.io/managed-by: stackferry}}
"""
"""What is not the stack's: by hand, without labels, of another stack."""
BEFORE = "name: shop\nservices: {a: {image: 'x:1', volumes: ['data:/d'], ports: ['80']}}\nvolumes: {data: {}}\n"
AFTER = "name: shop\nservices: {b: {image: 'x:1'}}\n"


@pytest.mark.parametrize("server_side", [True, False], ids=["server", "client"])
def test_nothing_old_stays_and_nothing_else_goes(api: Kube, tmp_path: Path, server_side: bool) -> None:
    environment = commands(api, tmp_path / "bin")
    api.apply(OTHERS, server_side)
    (tmp_path / "compose.yaml").write_text(BEFORE)
    api.apply(convert(tmp_path, api.namespace).text, server_side)
    (tmp_path / "compose.yaml").write_text(AFTER)
    found = convert(tmp_path, api.namespace)

    said = remove(tmp_path, found, environment)
    api.apply(found.text, server_side)
    again = remove(tmp_path, found, environment)

    assert sorted(line.partition('" deleted')[0] for line in said.splitlines()) == [
        'deployment.apps "a',
        'service "a',
        'service "a-published',
    ]
    assert again.strip() in ("", "No resources found")
    assert api.each(_CLAIM)
    assert all(api.get(*one) for one in (("ConfigMap", "mine"), ("Secret", "bare"), ("ConfigMap", "other")))
