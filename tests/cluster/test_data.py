"""Data on a node: volumes filled by hand, files that only their owner may read, volumes that services share."""

from pathlib import Path

import pytest

from tests.cluster import images
from tests.cluster.converted import bring_up, convert
from tests.cluster.kube import Kube, wait_until
from tests.cluster.promises import Promises
from tests.cluster.typed import commands, typed

STACK = """\
services:
  program:
    image: busybox:1
    user: "1000:1000"
    command: sleep 100000
    stop_grace_period: 1s
    tmpfs: ["/scratch:mode=700,uid=1000,gid=1000"]
    secrets: [{source: token, uid: "1000", mode: 0400}]
    environment: {BELL: "\\x7f"}
    volumes:
      - ./large.db:/large.db
      - ./work:/work
      - {type: image, source: "busybox:1", target: /tools, image: {subpath: bin}}
  peer:
    image: busybox:1
    command: sleep 100000
    stop_grace_period: 1s
    volumes: ["./work/deep:/deep:ro", "./many:/many"]
secrets: {token: {file: ./token}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reason = images.missing(STACK)
    if reason:
        pytest.skip(reason)
    found = tmp_path / "stack"
    (found / "work" / "deep").mkdir(parents=True)
    (found / "many").mkdir()
    (found / "compose.yaml").write_text(STACK)
    (found / "large.db").write_bytes(b"x" * 1_500_000)
    (found / "many" / "large").write_bytes(b"y" * 1_500_000)
    (found / "token").write_text("t0ken")
    (found / "work" / "deep" / "run.sh").write_text("#!/bin/sh\necho run\n")
    (found / "work" / "deep" / "run.sh").chmod(0o750)
    return found


@pytest.mark.parametrize("storage", ["standard", "block"])
def test_data(node: Kube, storage: str, folder: Path) -> None:
    """All that is too large for a manifest goes into claims by itself."""
    found = bring_up(node, folder, storage=storage)

    assert "kubectl run" not in found.said
    is_there(node)


def test_data_by_hand(node: Kube, folder: Path, tmp_path: Path) -> None:
    """The same by kubectl: `convert` prints the commands, and until they were typed pods wait."""
    found = convert(folder, node.namespace)
    node.apply(found.text)
    pods = wait_until(lambda: node.pods("program"), "the pod")
    assert not node.ready("program"), "it waits for its file"
    hints = [line.partition("hint: ")[2] for line in found.said.splitlines() if "kubectl run" in line]
    assert len(hints) == 2, found.said
    environment = commands(node, tmp_path / "bin")
    for hint in hints:
        typed(hint, folder, environment, timeout=120)
    wait_until(lambda: not node.unfinished(), "the rollout", 60)

    assert pods
    is_there(node)


def is_there(node: Kube) -> None:
    stack = Promises(node)
    sees = stack.sees
    sees("program", "wc -c < /large.db; echo more >> /large.db; tail -c 5 /large.db", "1500000\nmore\n")
    sees("program", "stat -Lc '%a %u' /run/secrets/token; cat /run/secrets/token", "400 1000\nt0ken")
    sees("program", "stat -c '%a %u' /scratch; echo x > /scratch/x; cat /scratch/x", "700 1000\nx\n")
    sees("program", "stat -c '%a %u:%g' /work/deep/run.sh; /work/deep/run.sh", "750 1000:1000\nrun\n")
    sees("program", 'printf %s "$BELL" | od -An -tx1', " 7f\n")
    sees("program", "test -x /tools/busybox && echo there", "there\n")
    sees("program", "echo from program > /work/deep/new; cat /work/deep/new", "from program\n")
    sees("peer", "cat /deep/new; touch /deep/x 2>/dev/null || echo read-only", "from program\nread-only\n")
    sees("peer", "wc -c < /many/large", "1500000\n")
    node.delete_pods("program")
    sees("program", "cat /work/deep/new; tail -c 5 /large.db", "from program\nmore\n")
    stack.kept()
