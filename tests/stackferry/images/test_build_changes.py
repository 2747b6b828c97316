"""How options of `build` change a build's options, without an engine."""

from stackferry.emulator.engine.image import BuildOptions
from stackferry.images.build_changes import BuildChanges

OWN = BuildOptions(args={"A": "1", "B": "2"}, pull=True, ssh={"default": None}, sbom="true")


def test_nothing_is_changed_that_is_not_said() -> None:
    assert BuildChanges().applied(OWN) == OWN


def test_what_is_said_wins() -> None:
    changes = BuildChanges(True, False, {"B": "3"}, 1 << 20, {"default": "/key"}, "mode=max", "false")

    assert changes.applied(OWN) == BuildOptions(
        args={"A": "1", "B": "3"},
        no_cache=True,
        pull=True,
        memory=1 << 20,
        ssh={"default": "/key"},
        provenance="mode=max",
        sbom="false",
    )
