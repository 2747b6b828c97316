"""Which host paths share a claim."""

from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.naming.naming import plan_names
from stackferry.translator.notes import Notes
from stackferry.translator.options import Options
from stackferry.translator.stack import stack_of
from stackferry.translator.volumes.binds.host_claims import HostPath, plan_host_paths
from stackferry.translator.volumes.binds.host_paths import Place
from tests.translator.making import HERE, project, service

BIG = "x" * 2_000_000


def plan(*mounts: tuple[str, bool], files: dict[str, str] | None = None) -> dict[str, HostPath]:
    """The plan for mounts (path in the project, written), by the path in the project."""
    services = [
        service(f"s{index}", volumes=(Mount("bind", "/x", f"{HERE}/{path}".rstrip("/"), read_only=not written),))
        for index, (path, written) in enumerate(mounts)
    ]
    made = project(*services)
    found = plan_host_paths(stack_of(made, Host(Memory(files or {}, HERE)), Options(), plan_names(made, Notes())))
    return {path.removeprefix(HERE).lstrip("/"): one for path, one in found.items()}


def test_read_only_everywhere_is_a_configmap() -> None:
    found = plan(("conf", False), ("conf", False), files={"conf/a": "1"})

    assert found["conf"].decision.place is Place.CONFIG


def test_one_writer_is_enough() -> None:
    found = plan(("conf", False), ("conf", True), files={"conf/a": "1"})

    assert found["conf"].decision.place is Place.CLAIM


def test_paths_below_are_folders_of_the_claim() -> None:
    found = plan(("data", False), ("data/up/a", True), ("data/b", False), files={"data/x": "1"})

    assert (found["data/up/a"].root, found["data/up/a"].in_claim) == (f"{HERE}/data", "up/a")
    assert found["data"].decision.place is Place.CLAIM
    assert found["data/b"].root == f"{HERE}/data/b"


def test_small_configuration_below_a_large_folder_still_travels() -> None:
    found = plan(("", True), ("nginx.conf", False), files={"nginx.conf": "x", "large": BIG})

    assert found[""].decision.place is Place.HAND
    assert found["nginx.conf"].decision.place is Place.CONFIG


def test_data_below_a_large_folder_that_is_only_read_has_a_claim_of_its_own() -> None:
    found = plan(("", False), ("data", True), files={"large": BIG, "data/a": "1"})

    assert found["data"].root == f"{HERE}/data"
    assert found["data"].decision.place is Place.CLAIM


PATHS = st.sampled_from(["", "a", "a/b", "a/b/c", "d", "d/e"])


@given(st.lists(st.tuples(PATHS, st.booleans()), min_size=1, max_size=6))
def test_who_writes_is_seen_by_all(mounts: list[tuple[str, bool]]) -> None:
    """Whoever mounts a path that is written, or one below or above it, has the same claim."""
    found = plan(*mounts, files={"a/b/c/x": "1", "d/e/y": "1"})
    written = {path for path, writes in mounts if writes}
    for path in written:
        for other, host_path in found.items():
            if other == path or not other or not path or f"{other}/".startswith(f"{path}/"):
                assert host_path.root == found[path].root
                assert host_path.decision.place.is_claim
