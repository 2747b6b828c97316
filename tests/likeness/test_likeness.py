"""One stack on the emulator and on a node: `explain` announces every difference that its containers see."""

from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.grammar.compose.load import Request, load
from stackferry.grammar.files import Disk
from tests.cluster.converted import explained
from tests.cluster.kube import Kube
from tests.conftest import ROOT
from tests.likeness.comparison import differences, unannounced
from tests.likeness.places import Emulator, on_node, shown

pytestmark = [pytest.mark.engine, pytest.mark.node, pytest.mark.cluster, pytest.mark.slow]

NAMES = ["alike", "behind", "hosts", "names", "order", "secrets", "settings", "shared", "storage", "values", "within"]
STACKS = ROOT / "fixtures" / "cluster"


@pytest.mark.parametrize("name", NAMES)
def test_every_difference_was_announced(node: Kube, engine: DockerEngine, tmp_path: Path, name: str) -> None:
    folder = STACKS / name
    project = load(Request(), files=Disk(str(folder)), environment={}).project
    emulator = Emulator(engine, folder, tmp_path)
    try:
        here = emulator.asked(project)
    finally:
        emulator.stack.close()
    there = on_node(node, folder, project)
    found = list(differences(here, there))
    print(shown(here), shown(there), *found, sep="\n")

    assert set(here) == set(there) == set(project.services)
    told = list(unannounced(found, project, explained(folder)))
    assert "\n".join(told) == ""
