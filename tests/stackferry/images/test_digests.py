"""Image names and their digests in registries: queries, kept digests, and a real engine that pulls."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.labels import IMAGE
from stackferry.emulator.cluster.spec import Placement, ServiceSpec, TaskTemplate
from stackferry.emulator.engine.image import ImageInfo
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.images.digests import ResolveImage, ask, resolved, resolved_one
from tests.engine.fixtures import engine, stack
from tests.engine.registry import Registry
from tests.engine.stack import Stack
from tests.swarm.image import archive

__all__ = ["engine", "stack"]

OLD, NEW = "sha256:" + "1" * 64, "sha256:" + "2" * 64
COMPOSE = ""


def spec(image: str, name: str = "web", **container: str) -> ServiceSpec:
    return ServiceSpec(name, labels={IMAGE: image}, task=TaskTemplate(ContainerSpec(image, **container)))


def pinned_to(service_spec: ServiceSpec, digest: str) -> ServiceSpec:
    assert service_spec.task.container is not None
    container = replace(service_spec.task.container, image=f"{service_spec.task.container.image}@{digest}")
    return replace(
        service_spec,
        task=replace(service_spec.task, container=container, placement=Placement(platforms=(("linux", "arm"),))),
    )


def image(service_spec: ServiceSpec) -> str:
    assert service_spec.task.container is not None
    return service_spec.task.container.image


@pytest.fixture
def fake() -> FakeEngine:
    """An engine whose registry has shop/web:1."""
    it = FakeEngine(VirtualClock())
    it.registry = {"shop/web:1": ImageInfo(NEW), "redis:latest": ImageInfo(NEW, arch="arm64")}
    return it


@pytest.mark.parametrize(
    ("how", "before", "image_now"),
    [
        ("always", None, f"shop/web:1@{NEW}"),
        ("changed", None, f"shop/web:1@{NEW}"),
        ("never", None, "shop/web:1"),
        ("always", "shop/web:1", f"shop/web:1@{NEW}"),
        ("changed", "shop/web:1", f"shop/web:1@{OLD}"),
        ("never", "shop/web:1", f"shop/web:1@{OLD}"),
        ("changed", "shop/web:0", f"shop/web:1@{NEW}"),
        ("never", "shop/web:0", "shop/web:1"),
    ],
)
def test_when_a_registry_is_asked(fake: FakeEngine, how: ResolveImage, before: str | None, image_now: str) -> None:
    there = {} if before is None else {"web": pinned_to(spec(before), OLD)}

    (done,) = resolved(fake, [spec("shop/web:1")], there, how, set(), pytest.fail)

    assert image(done) == image_now
    assert done.labels[IMAGE] == "shop/web:1"


def test_tasks_run_where_the_image_can(fake: FakeEngine) -> None:
    assert resolved_one(fake, spec("redis"), pytest.fail).task.placement.platforms == (("linux", "arm64"),)
    asked_for = resolved_one(fake, spec("redis", platform="linux/arm64"), pytest.fail)
    assert (image(asked_for), asked_for.task.placement.platforms) == (f"redis:latest@{NEW}", ())


def test_a_digest_stays(fake: FakeEngine) -> None:
    fake.registry[f"shop/web:1@{OLD}"] = ImageInfo(OLD)
    assert image(resolved_one(fake, spec(f"shop/web:1@{OLD}"), pytest.fail)) == f"shop/web:1@{OLD}"


def test_a_registry_that_cannot_be_asked(fake: FakeEngine) -> None:
    said: list[str] = []
    services = [spec("shop/nope"), spec("shop/nope", "second"), spec("shop/web:1", "third")]

    done = resolved(fake, services, {}, "always", set(), said.append)

    assert [image(one) for one in done] == ["shop/nope", "shop/nope", f"shop/web:1@{NEW}"]
    assert said == [
        "image shop/nope could not be accessed on a registry to record its digest: manifest unknown: shop/nope"
    ]


def test_a_digest_stays_while_the_registry_cannot_be_asked(fake: FakeEngine) -> None:
    """A redeployment must not replace tasks because a registry is away."""
    said: list[str] = []
    before = pinned_to(spec("shop/nope"), OLD)

    (done,) = resolved(fake, [spec("shop/nope")], {"web": before}, "always", set(), said.append)

    assert done == before
    (line,) = said
    assert "could not be accessed on a registry to record its digest: manifest unknown: shop/nope;" in line
    assert line.endswith("; the previously recorded digest is kept")
    said.clear()
    # Another image has no digest that could stay, nor has one that never had any.
    for there in (pinned_to(spec("shop/other"), OLD), spec("shop/nope")):
        (done,) = resolved(fake, [spec("shop/nope")], {"web": there}, "always", set(), said.append)
        assert image(done) == "shop/nope"
    assert not any("stays" in line for line in said)


def test_what_was_made_here_is_not_asked_for(fake: FakeEngine) -> None:
    fake.add_image("shop/web:1", ImageInfo(OLD, digests=(f"shop/other@{OLD}",)))
    assert image(resolved_one(fake, spec("shop/web:1"), pytest.fail)) == "shop/web:1"

    fake.add_image("shop/web:1", ImageInfo(OLD, digests=(f"shop/web@{OLD}",)))
    assert image(resolved_one(fake, spec("shop/web:1"), pytest.fail)) == f"shop/web:1@{NEW}"
    assert image(resolved(fake, [spec("shop/web:1")], {}, "always", {"shop/web:1"}, pytest.fail)[0]) == "shop/web:1"


def test_one_that_is_never_fetched_is_not_asked_for(fake: FakeEngine) -> None:
    services = [spec("shop/web:1", pull_policy="never")]
    assert image(resolved(fake, services, {}, "always", set(), pytest.fail)[0]) == "shop/web:1"


@pytest.fixture
def registry() -> Iterator[Registry]:
    """A private one."""
    it = Registry(("me", "hidden"))
    yield it
    it.close()


def _put(registry: Registry, version: str) -> str:
    return registry.put("shop/web", "1", archive(), {"Entrypoint": ["actor"], "Env": [f"VERSION={version}"]})


def test_an_image_that_is_pushed_again_is_deployed(stack: Stack, registry: Registry) -> None:
    name, ref = stack.name, f"{registry.host}/shop/web:1"
    login = base64.b64encode(b"me:hidden").decode()
    (stack.folder / "config.json").write_text(json.dumps({"auths": {registry.host: {"auth": login}}}))
    # Without credentials the registry tells nothing, and nothing can be fetched.
    stack.write(
        f"version: '3.8'\nservices: {{web: {{image: '{ref}', stop_grace_period: 0s, deploy: {{replicas: 2}}}}}}"
    )
    deploy = ("stack", "deploy", "-q", "--no-detach", "-c", "compose.yaml", name)
    first = _put(registry, "one")
    with pytest.raises(EngineError):
        stack.engine.distribution(ref)
    stack.environment["DOCKER_CONFIG"] = str(stack.folder)

    assert stack.run(*deploy).stderr == ""
    shown = ("service", "inspect", f"{name}_web", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Image}}")
    assert stack.ok(*shown).strip() == f"{ref}@{first}"
    assert stack.ok("stack", "ps", name, "--format", "{{.Image}}").split() == [ref, ref]
    before = {info.id for info in stack.running()}

    second = _put(registry, "two")
    for how in ("never", "changed"):
        stack.ok(*deploy, "--resolve-image", how)
        assert {info.id for info in stack.running()} == before
    stack.ok(*deploy)
    assert stack.ok(*shown).strip() == f"{ref}@{second}"
    assert {env for info in stack.running() for env in _version(stack, info.id)} == {"VERSION=two"}

    third = _put(registry, "three")
    stack.ok("service", "update", "-q", "--image", ref, f"{name}_web")
    assert stack.ok(*shown).strip() == f"{ref}@{third}"
    registry.names.clear()
    before = {info.id for info in stack.running()}
    for words in (deploy, ("service", "update", "-q", "--image", ref, f"{name}_web")):
        without = stack.run(*words)
        assert (without.returncode, without.stderr.count("the previously recorded digest is kept")) == (0, 1), (
            without.stderr
        )
    assert {info.id for info in stack.running()} == before
    nothing = stack.run("-p", name, "service", "create", "-d", "--name", "other", f"{registry.host}/shop/nope")
    assert nothing.returncode == 0
    assert "could not be accessed on a registry to record its digest: manifest unknown" in nothing.stderr
    stack.ok("stack", "rm", name)
    for digest in (first, second, third):
        stack.engine.remove_image(f"{registry.host}/shop/web@{digest}")


def _version(stack: Stack, container: str) -> list[str]:
    out = stack.engine.exec(container, ["env"]).stdout.decode()
    return [line for line in out.splitlines() if line.startswith("VERSION=")]


def test_what_the_engine_says_of_a_registry(stack: Stack, registry: Registry) -> None:
    registry.account = None
    digest = registry.put("tools/it", "9", archive(), {}, architecture="arm64")

    found = ask(stack.engine, f"{registry.host}/tools/it:9")

    assert found.there is not None
    assert (found.there.digest, found.there.platforms) == (digest, (("linux", "arm64"),))
