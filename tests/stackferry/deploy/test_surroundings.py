"""Foreign objects in the way of a deployment, on the fake engine."""

import json
import os

import pytest

from stackferry.emulator.cluster.labels import GATE, NAMESPACE, of_stack
from stackferry.emulator.cluster.ownership import PROJECT
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.store.directories import home, stacks
from stackferry.emulator.store.store import Store

COMPOSE = """\
services:
  web: {image: nginx, networks: [back], volumes: ['data:/data'], secrets: [key]}
networks: {back: {}}
volumes: {data: {}}
secrets: {key: {environment: HOME}}
"""


@pytest.fixture
def engine(here, monkeypatch):
    """The fake engine that commands find; the folder has a stack called shop, and files of secrets a place there."""
    from stackferry import engine as connecting

    found = FakeEngine(VirtualClock(), images=["nginx"])
    monkeypatch.setattr(connecting, "connect", lambda _session: found)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(here))
    (here / "compose.yaml").write_text(COMPOSE)
    return found


PROVISION = [
    ("up", "-d"),
    ("up", "--dry-run"),
    ("plan",),
    ("stack", "deploy", "-c", "compose.yaml", "--resolve-image", "never", "shop"),
    ("run", "web", "true"),
]


@pytest.mark.parametrize("words", PROVISION, ids=" ".join)
def test_secrets_are_not_put_into_the_folder_of_another(engine, here, stackferry, words):
    """Told before anything is done, with what to do."""
    (here / "stackferry").symlink_to(here)

    done = stackferry(*words)

    assert done.code == 1
    assert f"error: {here}/stackferry is a symbolic link of " in done.err
    assert (
        "\n  hint: remove it (as its owner or as root), or set XDG_RUNTIME_DIR to a folder that you own\n" in done.err
    )
    assert not home(os.environ, "shop").database.exists()


def test_nor_those_of_a_service_without_a_file(engine, here, stackferry):
    (here / "stackferry").symlink_to(here)
    (here / "word").write_text("s3cret")
    assert stackferry("secret", "create", "word", "word").code == 0

    done = stackferry("service", "create", "--secret", "word", "--no-resolve-image", "nginx")

    assert (done.code, done.out) == (1, "")
    assert f"error: {here}/stackferry is a symbolic link of " in done.err
    assert list(stacks(os.environ)) == []


def test_a_stack_without_secrets_needs_no_such_folder(engine, here, stackferry):
    (here / "stackferry").symlink_to(here)
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    assert stackferry("plan").code == 0


FOREIGN = {
    "by hand": ({}, "was not created by stackferry", "docker network rm shop_back"),
    "by docker compose": (
        {PROJECT: "shop", "com.docker.compose.network": "back"},
        "was created by docker compose for the project shop",
        "docker compose -p shop down",
    ),
    "by docker": ({NAMESPACE: "shop"}, "was created by docker for the stack shop", "docker stack rm shop"),
    "by another stack": (of_stack("other"), "belongs to the stack other", "stackferry -p other down"),
}


@pytest.mark.parametrize("words", PROVISION, ids=" ".join)
@pytest.mark.parametrize(("labels", "whose", "remedy"), FOREIGN.values(), ids=FOREIGN)
def test_a_network_of_somebody_else_is_refused(engine, stackferry, words, labels, whose, remedy):
    """With file and line, and the words to use; nothing is written, made or removed."""
    engine.create_network("shop_back", {"Labels": labels})

    done = stackferry(*words)

    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(
        f"compose.yaml:3:18: error[foreign-network]: network shop_back already exists, and {whose}\n"
    )
    assert f"  hint: remove it first: `{remedy}`; or use it as it is:" in done.err
    assert (
        "`networks: {back: {name: shop_back, external: true}}`; or give the stack's network another `name:`" in done.err
    )
    assert not home(os.environ, "shop").database.exists()
    assert engine.inspect_network("shop_back").labels == labels


def test_the_default_network_is_nowhere_in_the_file(engine, here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    engine.create_network("shop_default", {})

    done = stackferry("plan")

    assert done.err.startswith("error[foreign-network]: network shop_default already exists")
    assert "`networks: {default: {name: shop_default, external: true}}`" in done.err


@pytest.mark.parametrize("network", ["{name: shop_back, external: true}", "{name: shop_rear}"])
def test_what_the_hint_says_helps(engine, here, stackferry, network):
    (here / "compose.yaml").write_text(COMPOSE.replace("{back: {}}", f"{{back: {network}}}"))
    engine.create_network("shop_back", {})

    assert stackferry("plan").code == 0


def test_what_an_earlier_version_made_is_the_stacks_own(engine, stackferry):
    engine.create_network("shop_back", {"Labels": of_stack("shop")})
    engine.create_volume("shop_data", labels=of_stack("shop"))

    done = stackferry("plan")

    assert (done.code, done.err, done.out) == (0, "", "+ shop_web: create 1 task of nginx\n")


def test_only_what_the_chosen_services_use_is_looked_at(engine, here, stackferry):
    (here / "compose.yaml").write_text(
        "services: {db: {image: nginx, networks: [back]}, web: {image: nginx, networks: [front], depends_on: [db]}}\n"
        "networks: {front: {}, back: {}}\n"
    )
    engine.create_network("shop_back", {})

    assert stackferry("up", "--dry-run", "--no-deps", "web").code == 0
    assert stackferry("up", "--dry-run", "web").code == 1


def test_the_network_for_ports_of_one_that_is_shut_off(engine, here, stackferry):
    """It is made beside those of the file."""
    (here / "compose.yaml").write_text(
        "services: {web: {image: nginx, ports: ['80']}}\nnetworks: {default: {internal: true}}\n"
    )
    assert stackferry("plan").code == 0
    engine.create_network("shop_ingress", {})

    done = stackferry("plan")

    assert done.code == 1
    assert done.err == (
        "error[foreign-network]: network shop_ingress already exists, and was not created by stackferry\n"
        "  hint: remove it first: `docker network rm shop_ingress`\n"
    )


def test_the_network_of_services_without_a_file(engine, stackferry):
    engine.create_network("services_ingress", {})

    done = stackferry("service", "create", "-p", "80:80", "--no-resolve-image", "nginx")

    assert (done.code, done.out) == (1, "")
    assert "error: network services_ingress already exists, and was not created by stackferry\n" in done.err
    assert "hint: remove it first: `docker network rm services_ingress`" in done.err
    assert list(stacks(os.environ)) == []


def test_the_same_of_a_service_that_comes_to_publish_a_port(engine, stackferry, monkeypatch):
    from stackferry.emulator.manager import presence

    monkeypatch.setattr(presence, "ensure_running", lambda *_: None)
    assert stackferry("service", "create", "-d", "--name", "web", "--no-resolve-image", "nginx").code == 0
    engine.create_network("services_ingress", {})

    done = stackferry("service", "update", "-d", "--publish-add", "80:80", "web")

    assert (done.code, done.out) == (1, "")
    assert "error: network services_ingress already exists" in done.err
    store = Store(home(os.environ, "services").database)
    assert store.document("stack", StackRecord) is None
    store.close()


USED = (
    "compose.yaml:4:17: warning[foreign-volume]: volume shop_data already exists, and was not"
    " created by stackferry: the stack uses it, and `down -v` does not remove it\n"
)


@pytest.mark.parametrize("words", [PROVISION[0], PROVISION[3]], ids=" ".join)
def test_a_volume_of_somebody_else_is_used_with_a_warning(engine, stackferry, monkeypatch, words):
    """At each `up` one; in a plan it stands among the steps."""
    from stackferry.up import background, summary

    for module, name in ((background, "wait_for"), (background, "keep"), (summary, "report")):
        monkeypatch.setattr(module, name, lambda *_, **__: 0)
    engine.create_volume("shop_data")

    for _ in range(2):
        done = stackferry(*words)
        assert done.code == 0
        assert done.err.count("foreign-volume") == 1
        assert USED in done.err
        assert "if this is intended, declare it: `volumes: {data: {name: shop_data, external: true}}`" in done.err


@pytest.mark.parametrize("words", PROVISION[1:3], ids=" ".join)
def test_a_plan_says_which_volumes_are_used(engine, stackferry, words):
    engine.create_volume("shop_data", labels={PROJECT: "shop"})

    done = stackferry(*words)

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == (
        "= volume shop_data: used as it is, and not removed by `down -v`: it was created by docker"
        " compose for the project shop"
    )


DOWN = [("down",), ("down", "-v"), ("stack", "rm", "shop"), ("stack", "rm", "-d", "shop")]


@pytest.fixture
def used(engine, monkeypatch):
    """A stack whose networks and volumes are its own and others', as an earlier version would use them."""
    from stackferry.emulator.desired.networks import NetworkSpec
    from stackferry.emulator.desired.volumes import VolumeSpec
    from stackferry.emulator.manager import presence

    monkeypatch.setattr(presence, "ensure_running", lambda *_: None)
    engine.create_network("shop_own", {"Labels": of_stack("shop")})
    engine.create_network("shop_hand", {})
    engine.create_network("out", {})
    engine.create_volume("shop_own", labels=of_stack("shop"))
    engine.create_volume("shop_hand", labels={"my": "own"})
    engine.create_volume("shop_compose", labels={PROJECT: "shop"})
    engine.create_volume("out")
    store = Store(home(os.environ, "shop").database)
    store.put_document(
        "stack",
        StackRecord(
            "shop",
            (*(NetworkSpec(one, f"shop_{one}") for one in ("own", "hand")), NetworkSpec("out", "out", external=True)),
            (
                *(VolumeSpec(one, f"shop_{one}") for one in ("own", "hand", "compose", "absent")),
                VolumeSpec("out", "out", external=True),
            ),
        ),
    )
    store.close()
    return engine


@pytest.mark.parametrize("words", DOWN, ids=" ".join)
def test_only_the_stacks_own_is_removed_and_the_rest_is_told(used, stackferry, words):
    done = stackferry(*words)

    assert done.code == 0
    networks = {one.name for one in used.networks({})} - {"bridge", "host", "none"}
    volumes = {one.name for one in used.volumes({})}
    others = {"shop_hand", "shop_compose", "out"}
    assert volumes == (others if "-v" in words else {*others, "shop_own"})
    said = [line for line in done.err.splitlines() if "stays" in line]
    if "-d" in words:
        # What the manager does, `test_provision.py` has.
        assert done.out == "Removing network shop_own\n"
        return
    assert networks == {"shop_hand", "out"}
    assert done.out == ("Removing network shop_own\n" if words[0] == "stack" else "")
    assert said == [
        "network shop_hand stays: it was not created by stackferry",
        *(
            [
                "volume shop_hand stays: it was not created by stackferry",
                "volume shop_compose stays: it was created by docker compose for the project shop",
            ]
            if "-v" in words
            else []
        ),
    ]


def test_a_plan_for_scripts(engine, here, stackferry):
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}\n")

    done = stackferry("plan", "--exit-code", "--format", "json")

    assert (done.code, done.err, stackferry("plan", "--format", "json").code) == (4, "", 0)
    assert json.loads(done.out) == [
        {
            "kind": "service",
            "name": "shop_web",
            "change": "create",
            "text": "create 1 task of nginx",
            "slots": [],
            "fields": [],
        }
    ]


def test_a_plan_with_nothing_to_do(engine, here, stackferry):
    (here / "compose.yaml").write_text("services: {}\n")

    assert stackferry("plan", "--exit-code").code == 0
    (here / "compose.yaml").write_text("services: {web: {imge: nginx}}\n")
    assert stackferry("plan", "--exit-code").code == 1
    assert stackferry("plan", "--exit-code", "--format", "xml").code == 2


def test_a_folder_behind_a_link_is_the_stack_of_the_link(engine, here, stackferry, monkeypatch):
    (here / "releases" / "42").mkdir(parents=True)
    (here / "releases" / "42" / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    (here / "current").symlink_to("releases/42")
    monkeypatch.chdir(here / "current")
    monkeypatch.setenv("PWD", f"{here}/current")

    assert stackferry("plan").out == "+ current_web: create 1 task of nginx\n"
    assert stackferry("up", "--dry-run").out == "+ current_web: create 1 task of nginx\n"


PORTS = """\
services:
  web:
    image: nginx
    ports: ['18080:80']
"""


@pytest.mark.parametrize("words", [one for one in PROVISION if one[0] != "run"], ids=" ".join)
def test_a_port_of_another_stack_of_ours_is_named_with_its_service(engine, here, stackferry, words):
    (here / "compose.yaml").write_text(PORTS)
    labels = {**of_stack("other"), GATE: "other_api"}
    bound = {"8080/tcp": [{"HostIp": "", "HostPort": "18080"}]}
    gate = {"Image": "nginx", "Labels": labels, "HostConfig": {"PortBindings": bound, "NetworkMode": "bridge"}}
    engine.start(engine.create("other_api.ingress", gate))

    done = stackferry(*words)

    assert done.code == 1
    assert (
        "compose.yaml:4:12: error[port-in-use]: shop_web: port '18080' is already in use by service 'other_api' of the"
        " stack other as an ingress port\n"
    ) in done.err
    assert "hint: publish another port, or remove that stack: `stackferry -p other down`\n" in done.err
    assert not home(os.environ, "shop").database.exists()
    engine.stop("other_api.ingress", "SIGTERM", 0)
    assert "already in use" not in stackferry("plan").err
