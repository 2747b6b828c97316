"""Existing networks and volumes that differ from the file, on the fake engine."""

import os
from dataclasses import replace
from random import Random

import pytest

from stackferry.deploy.deploy import put_in_force
from stackferry.deploy.request import DeployRequest, Rollout, ServiceSelection
from stackferry.emulator.cluster.labels import of_stack
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.orchestrator.reconcile import reconcile
from stackferry.emulator.store.directories import home
from stackferry.emulator.store.store import Store
from stackferry.emulator.webnet.network import make_network
from stackferry.grammar.diagnostics import SourceError
from stackferry.session import Session
from tests.conftest import ROOT

PLAN = ROOT / "fixtures" / "cli" / "plan-networks.txt"

COMPOSE = """\
services:
  db: {image: nginx, networks: [back], volumes: ['data:/data']}
  web:
    image: nginx
    networks: [back, front]
    deploy: {replicas: 2, update_config: {parallelism: 2, order: start-first}}
  cache: {image: nginx, networks: [front]}
networks:
  front: {}
  back: {}
volumes:
  data: {}
"""


@pytest.fixture
def engine(here, monkeypatch):
    """The fake engine that commands find."""
    from stackferry import engine as connecting

    found = FakeEngine(VirtualClock(), images=["nginx"])
    monkeypatch.setattr(connecting, "connect", lambda _session: found)
    return found


def record():
    store = Store(home(os.environ, "shop").database)
    try:
        return store.document("stack", StackRecord), {one.spec.name: one.spec for one in store.services().values()}
    finally:
        store.close()


def put(engine, **parts):
    put_in_force(Session(dict(os.environ)), engine, DeployRequest(**parts))
    return record()


def deployed(engine, here, text=COMPOSE):
    """The stack as a manager has made it, but for its tasks."""
    (here / "compose.yaml").write_text(text)
    made, _ = put(engine)
    store = Store(home(os.environ, "shop").database)
    store.change(lambda cluster: reconcile(cluster, 0.0, Random(1)).cluster)
    store.close()
    for spec in made.networks:
        if not spec.external and engine.inspect_network(spec.name) is None:
            make_network(engine, spec, {}, made.networks)
    for spec in made.volumes:
        engine.create_volume(spec.name, spec.driver, spec.options, spec.labels)


def changed(here, old, new):
    assert old in COMPOSE
    (here / "compose.yaml").write_text(COMPOSE.replace(old, new))


CHANGES = {
    "internal": ("back: {}", "back: {internal: true}"),
    "subnet": ("back: {}", "back: {ipam: {config: [{subnet: 10.77.0.0/24}]}}"),
    "both": ("front: {}\n  back: {}", "front: {labels: {a: b}}\n  back: {driver_opts: {o: '1'}}"),
    "volume": ("data: {}", "data: {driver_opts: {type: tmpfs, device: tmpfs}, labels: {a: b}}"),
    "volume driver": ("data: {}", "data: {driver: other}"),
    "nothing": ("back: {}", "back: {internal: false}"),
}


def test_plan(engine, here, stackferry, golden):
    """Each change with the plan that follows from it."""
    deployed(engine, here)
    found = []
    for name, (old, new) in CHANGES.items():
        changed(here, old, new)
        done = stackferry("plan")
        assert (done.code, done.err) == (0, "")
        found.append(f"# {name}: {new}\n{done.out}")

    golden(PLAN, "\n".join(found))


def test_in_json(engine, here, stackferry):
    deployed(engine, here)
    changed(here, "back: {}", "back: {internal: true}")

    done = stackferry("plan", "--format", "json", "--exit-code")

    assert done.code == 4
    assert '"kind": "network", "name": "shop_back", "change": "renew"' in done.out
    assert '"fields": ["internal (false, now true)"]' in done.out


def test_up_has_the_network_replaced_and_the_tasks_in_it(engine, here, capsys):
    """Those of services that are not meant, too."""
    deployed(engine, here)
    there = engine.inspect_network("shop_back")
    changed(here, "back: {}", "back: {internal: true}")

    made, specs = put(engine, services=ServiceSelection(("db",)))

    assert (
        "network shop_back is replaced because these changed: internal (false, now true)\n" in capsys.readouterr().err
    )
    assert made.outdated == (there.id,)
    assert {name: one.task.force for name, one in specs.items()} == {"shop_db": 1, "shop_web": 1, "shop_cache": 0}
    assert {one.name: one.internal for one in made.networks} == {"shop_back": True, "shop_front": False}


def test_a_change_that_is_taken_back_is_none(engine, here):
    deployed(engine, here)
    changed(here, "back: {}", "back: {internal: true}")
    put(engine)
    (here / "compose.yaml").write_text(COMPOSE)

    made, specs = put(engine)

    assert made.outdated == ()
    assert specs["shop_db"].task.force == 1


def test_nothing_is_replaced_where_nothing_may_be(engine, here, stackferry):
    deployed(engine, here)
    changed(here, "back: {}", "back: {internal: true}")

    made, specs = put(engine, rollout=Rollout(recreate="never"))

    assert made.outdated == ()
    assert specs["shop_db"].task.force == 0


def with_running(cluster):
    return replace(cluster, tasks={key: replace(one, state=TaskState.RUNNING) for key, one in cluster.tasks.items()})


def test_a_network_that_is_gone(engine, here, stackferry):
    deployed(engine, here)
    engine.remove_network("shop_back")
    assert "network" not in stackferry("plan").out

    store = Store(home(os.environ, "shop").database)
    store.change(with_running)
    store.close()

    assert stackferry("plan").out.splitlines()[0] == (
        "+ network shop_back: the network was removed; create it again, and connect its tasks"
    )


def test_a_volume_keeps_its_options_and_nobody_is_replaced(engine, here, capsys):
    """One warning with file and line; the next `up` says it again, and still does nothing."""
    deployed(engine, here)
    changed(here, "data: {}", "data: {driver_opts: {type: tmpfs}}")
    capsys.readouterr()

    for _ in range(2):
        _, specs = put(engine)

        assert {one.task.force for one in specs.values()} == {0}
        assert [one.driver_opts for one in specs["shop_db"].task.container.mounts] == [{}]
        assert capsys.readouterr().err == (
            "compose.yaml:12:23: warning[volume-differs]: volume shop_data is not changed:"
            " driver_opts.type cannot be changed once the volume exists\n  hint: to recreate it, and"
            " lose the data in it: `stackferry down`, `docker volume rm shop_data`, `stackferry up`\n"
        )
    assert engine.inspect_volume("shop_data").options == {}


def test_a_volume_that_is_gone_is_made_as_the_file_says_now(engine, here, stackferry):
    deployed(engine, here)
    engine.remove_volume("shop_data")
    changed(here, "data: {}", "data: {driver_opts: {type: tmpfs}}")

    made, specs = put(engine)

    assert made.volumes[0].options == {"type": "tmpfs"}
    assert specs["shop_db"].task.container.mounts[0].driver_opts == {"type": "tmpfs"}


EXTERNAL = "services: {{web: {{image: nginx, networks: [out]}}}}\nnetworks:\n  out:\n    external: true\n    {0}\n"


@pytest.mark.parametrize(
    ("asked", "at", "says"),
    [
        ("internal: true", "5:15", "its internal is false, not true"),
        ("labels: {a: b}", "5:17", "its labels.a is none, not b"),
        ("driver: macvlan", "5:13", "its driver is bridge, not macvlan"),
        ("ipam: {config: [{subnet: 10.1.0.0/24}]}", "5:20", "its ipam.config is 172.18.0.0/16, not 10.1.0.0/24"),
    ],
)
def test_an_external_network_is_not_ours_to_change(engine, here, stackferry, asked, at, says):
    engine.create_network("out", {})
    (here / "compose.yaml").write_text(EXTERNAL.format(asked))

    for words in (("plan",), ("up", "-d")):
        done = stackferry(*words)

        assert (done.code, done.out) == (1, "")
        assert done.err.startswith(f"compose.yaml:{at}: error[external-network]: network out is external, so it ")
        assert f"cannot be changed: {says}\n" in done.err
        assert "\n  hint: remove " in done.err
    assert not home(os.environ, "shop").database.exists()


@pytest.mark.parametrize("asked", ["driver: overlay", "driver: bridge", "attachable: true", "internal: false"])
def test_an_external_network_that_is_as_asked(engine, here, stackferry, asked):
    engine.create_network("out", {})
    (here / "compose.yaml").write_text(EXTERNAL.format(asked))

    assert stackferry("plan").code == 0


def test_others_in_a_network_that_has_to_go(engine, here):
    """They are not the stack's to take out of it."""
    deployed(engine, here)
    inside = {"Image": "nginx", "HostConfig": {"NetworkMode": "shop_back"}}
    engine.start(engine.create("guest", inside))
    engine.start(engine.create("own", {**inside, "Labels": of_stack("shop")}))
    changed(here, "back: {}", "back: {internal: true}")

    with pytest.raises(SourceError) as raised:
        put(engine)

    assert (
        "network shop_back must be replaced, but containers that are not part of the stack are connected to it: guest"
        in str(raised.value)
    )
    assert "`docker network disconnect shop_back guest`" in str(raised.value)
    assert record()[0].outdated == ()


def test_a_subnet_that_another_network_has(engine, here):
    """Before the old network is gone for it."""
    deployed(engine, here)
    engine.create_network("taken", {"IPAM": {"Config": [{"Subnet": "10.77.0.0/16"}]}})
    changed(here, "back: {}", "back: {ipam: {config: [{subnet: 10.77.3.0/24}]}}")

    with pytest.raises(SourceError, match=r"the subnet 10.77.3.0/24: network taken uses 10.77.0.0/16"):
        put(engine)


def test_what_is_chosen_alone_leaves_the_networks_of_others_in_the_record(engine, here):
    deployed(engine, here)

    made, _ = put(engine, services=ServiceSelection(("cache",)))

    assert {one.name for one in made.networks} == {"shop_front", "shop_back"}
    assert {one.name for one in made.volumes} == {"shop_data"}
