"""Which images `pull` pulls, without an engine."""

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.desired.builds import BuildSpec, own_image
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.grammar.compose.model.build import Build
from stackferry.images.pull import pulled

IMAGES = {
    # service: (its image, its pull_policy)
    "web": ("nginx", ""),
    "twice": ("nginx", ""),
    "never": ("redis", "never"),
    "named": ("me/shop:1", ""),
    "policy": ("me/tool:1", ""),
    "own": (own_image("shop", "own"), ""),
}


@pytest.mark.parametrize(("buildable", "expected"), [(True, ["nginx", "me/shop:1"]), (False, ["nginx"])])
def test_what_is_only_built_here_is_not_fetched(buildable: bool, expected: list[str]) -> None:
    services = tuple(
        ServiceSpec(f"shop_{name}", task=TaskTemplate(ContainerSpec(image, pull_policy=policy)))
        for name, (image, policy) in IMAGES.items()
    )
    builds = tuple(
        BuildSpec(name, IMAGES[name][0], Build(), pull_policy="build" if name == "policy" else "")
        for name in ("named", "policy", "own")
    )
    stack = DesiredStack("shop", services, names={name: f"shop_{name}" for name in IMAGES}, builds=builds)

    assert [one.image for one in pulled(stack, buildable=buildable)] == expected
