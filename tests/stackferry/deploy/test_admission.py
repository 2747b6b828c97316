"""What a swarm refuses of a service made from flags."""

import os

import pytest

from stackferry.deploy.admission import is_image
from tests.stackferry.commands.test_changing import engine

__all__ = ["engine"]


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ("--name Bad! alpine", "Bad!: name must be valid as a DNS name component"),
        (f"--name {'x' * 64} alpine", "name must be 63 characters or fewer"),
        ("--name x Alpine", '"Alpine" is not a valid repository/tag'),
        ("--name x --endpoint-mode dnsrr -p 99:80 alpine", "port published with ingress mode can't be used with dnsrr"),
        ("--name x -p 8080:80 alpine", "port '8080' is already in use by service 'shop_web' (swebx"),
        ("--name x -p mode=host,published=8080,target=80 alpine", "(swebxxxxxxxxxxxxxxxxxxxxx) as an ingress port"),
        (
            "--name x -p 9100:80 alpine",
            "is already in use by service 'shop_agent' (sagentxxxxxxxxxxxxxxxxxxx) as a host",
        ),
        ("--name x --network nosuch alpine", "network nosuch not found"),
    ],
)
def test_create_refuses(running, engine, stackferry, flags, says):
    from stackferry.emulator.store.directories import home

    done = stackferry("service", "create", "-d", *flags.split())

    assert (done.code, done.out, says in done.err) == (1, "", True), done.err
    assert not home(os.environ, "services").database.exists()


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ("--publish-add 8080:90 shop_agent", "port '8080' is already in use by service 'shop_web'"),
        ("--network-add nosuch shop_web", "network nosuch not found"),
        ("--image A shop_web", '"A" is not a valid repository/tag'),
        ("--endpoint-mode dnsrr shop_web", "port published with ingress mode can't be used with dnsrr mode"),
    ],
)
def test_update_refuses(running, engine, stackferry, woken, flags, says):
    done = stackferry("service", "update", "-d", *flags.split())

    assert (done.code, done.out, says in done.err, woken) == (1, "", True, []), done.err


def test_the_own_ports_are_no_hindrance(running, engine, stackferry):
    assert stackferry("service", "update", "-d", "--publish-add", "8082:82", "shop_web").code == 0


@pytest.mark.parametrize(("external", "used", "code"), [(False, True, 0), (False, False, 1), (True, True, 1)])
def test_a_network_of_a_file_is_one_if_tasks_have_it_made(running, engine, stackferry, external, used, code):
    """`external`, or used by no service: it is there only if the engine has it."""
    from dataclasses import replace

    from stackferry.emulator.control.deployment import StackRecord
    from stackferry.emulator.desired.networks import NetworkSpec
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    store = Store(home(os.environ, "shop").database)
    with store.transaction():
        store.put_document("stack", StackRecord("shop", (NetworkSpec("n", "n", external=external),)))
        before = store.load()
        agent = next(one for one in before.services.values() if one.spec.name == "shop_agent")
        spec = replace(agent.spec, task=replace(agent.spec.task, networks=("n",) if used else ()))
        store.save(before, replace(before, services={**before.services, agent.id: replace(agent, spec=spec)}))
    store.close()

    done = stackferry("service", "update", "-d", "--network-add", "n", "shop_web")

    assert (done.code, "network n not found" in done.err) == (code, bool(code)), done.err


def test_images_of_a_stack(here, engine, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: Nginx}}")
    done = stackferry("up", "--dry-run")

    says = 'error: invalid image reference for service web: "Nginx" is not a valid repository/tag\n'
    assert (done.code, done.err) == (1, says + "  hint: write image names in lowercase\n")


@pytest.mark.parametrize(
    ("image", "legal"),
    [
        ("redis", True),
        ("ghcr.io/a/b_c:1.2-x", True),
        ("localhost:5000/a", True),
        ("a@sha256:" + "0" * 64, True),
        ("A", False),
        ("a:", False),
        ("a b", False),
        ("a//b", False),
        ("a@x", False),
        ("", False),
    ],
)
def test_names_of_images(image, legal):
    assert is_image(image) is legal
