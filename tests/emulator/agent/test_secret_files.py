"""Files of secrets: readable by their task's user, and through no other folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stackferry.emulator.agent.secret_files import SecretFiles, refuse_foreign, runtime_root
from stackferry.emulator.cluster.container import ContainerSpec, FileMount
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.grammar.diagnostics import StackferryError
from tests.conftest import ROOT
from tests.engine.stranger import by_root, shared, stranger

__all__ = ["shared"]

TEMPLATE = TaskTemplate(
    ContainerSpec(
        "web",
        files=(
            FileMount("secret", "shop_key", "d", "/run/secrets/key", mode=0o444),
            FileMount("config", "c", "d", "/c"),
        ),
    )
)
TASK = Task("t1", "s1", 1, TEMPLATE, node_id="n1")
CLUSTER = Cluster({"n1": Node("n1", "n1")}, {"s1": Service("s1", ServiceSpec("shop_web", task=TEMPLATE))}, {"t1": TASK})


def make(materials: SecretFiles) -> dict[str, str]:
    return dict(materials.make(CLUSTER, TASK, lambda kind, name, _: f"{kind} {name}".encode()))


def test_files_have_their_own_modes_in_a_folder_that_is_shut(tmp_path: Path) -> None:
    materials = SecretFiles(tmp_path / "all" / "shop")

    found = make(materials)
    assert make(materials) == found, "a manager that died had come as far"

    assert found == {"/run/secrets/key": f"{tmp_path}/all/shop/t1/0", "/c": f"{tmp_path}/all/shop/t1/1"}
    key = Path(found["/run/secrets/key"])
    assert key.read_text() == "secret shop_key"
    assert key.stat().st_mode & 0o777 == 0o444
    assert [one.stat().st_mode & 0o777 for one in (*key.parents,)[:3]] == [0o700] * 3
    materials.remove("t1")
    assert list((tmp_path / "all" / "shop").iterdir()) == []
    materials.remove("t1")
    materials.clear()
    assert list((tmp_path / "all").iterdir()) == []
    materials.clear()


@by_root
def test_another_user_cannot_read_them(shared: Path) -> None:
    """Though the file's own mode would let him: as which user a container reads it is the container's affair."""
    path = make(SecretFiles(shared / "all" / "shop"))["/run/secrets/key"]

    assert stranger(f"cat {path}").stdout == ""
    assert "ermission denied" in stranger(f"cat {path}").stderr


@by_root
def test_nothing_is_put_where_another_user_was_before(shared: Path) -> None:
    stranger(f"mkdir -m 777 {shared}/all")

    with pytest.raises(StackferryError, match=f"{shared}/all is a folder of .*uid 65534"):
        make(SecretFiles(shared / "all" / "shop"))
    with pytest.raises(StackferryError, match=f"{shared}/all is a folder of .*uid 65534"):
        refuse_foreign(shared / "all")
    assert list((shared / "all").iterdir()) == []


@by_root
def test_nothing_is_removed_where_a_link_of_another_user_leads(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "shop" / "t1").mkdir(parents=True)
    stranger(f"ln -s {tmp_path} {shared}/all")

    SecretFiles(shared / "all" / "shop").remove("t1")
    SecretFiles(shared / "all" / "shop").clear()

    assert (tmp_path / "shop" / "t1").is_dir()


def test_a_folder_that_can_be_made_is_not_refused(tmp_path: Path) -> None:
    refuse_foreign(tmp_path / "all")

    assert list(tmp_path.iterdir()) == []


@by_root
def test_a_folder_that_cannot_be_made_is_refused(shared: Path) -> None:
    """Root may write everywhere, so another user tries."""
    shared.chmod(0o755)
    script = (
        "import os; os.setgid(65534); os.setuid(65534)\n"
        "from pathlib import Path\n"
        f"try: refuse_foreign(Path({str(shared)!r}) / 'all')\n"
        "except StackferryError as error: print(error)\n"
    )
    imports = (
        "from stackferry.emulator.agent.secret_files import refuse_foreign\n"
        "from stackferry.grammar.diagnostics import StackferryError\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", imports + script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT)},
    )

    assert done.stdout == f"cannot use the folder {shared}/all: Permission denied\n"


def test_where_they_lie(tmp_path: Path) -> None:
    assert runtime_root({"XDG_RUNTIME_DIR": str(tmp_path)}) == tmp_path / "stackferry"
    elsewhere = runtime_root({"XDG_RUNTIME_DIR": str(tmp_path / "absent")})
    assert elsewhere == Path("/run/stackferry" if os.geteuid() == 0 else f"/dev/shm/stackferry-{os.geteuid()}")
