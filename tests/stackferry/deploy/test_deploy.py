"""What `up` does with its options before anything runs, on the fake engine."""

import os

import pytest

from stackferry.deploy.deploy import put_in_force
from stackferry.deploy.request import DeployRequest, Flavour, ImagePolicy, Rollout, ServiceSelection
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.store.directories import home
from stackferry.emulator.store.store import Store
from stackferry.grammar.diagnostics import StackferryError
from stackferry.session import Session

COMPOSE = """
services:
  web: {image: nginx, container_name: it}
  api: {image: nginx}
  job: {image: nginx, deploy: {mode: replicated-job}}
  agent: {image: nginx, deploy: {mode: global}}
secrets: {unused: {file: ./nothing}}
"""


WEB = ServiceSelection(("web",))
STACK_DEPLOY = Flavour(stack_deploy=True)


@pytest.fixture
def shop(here, monkeypatch):
    """The folder of a stack called shop, and the fake engine to run it."""
    from stackferry import engine

    monkeypatch.setattr(engine, "connect", lambda _session: FakeEngine(VirtualClock(), images=["nginx"]))
    (here / "compose.yaml").write_text(COMPOSE)
    return here


def put(**parts):
    """Put in force what a request with these parts asks for; gives the stack's record and its specs by name."""
    session = Session(dict(os.environ))
    put_in_force(session, FakeEngine(VirtualClock(), images=["nginx"]), DeployRequest(**parts))
    store = Store(home(os.environ, "shop").database)
    try:
        return store.document("stack", StackRecord), {one.spec.name: one.spec for one in store.services().values()}
    finally:
        store.close()


def test_scale(shop):
    """By the key of the file or by the full name; a job has so many at a time, too."""
    _, specs = put(services=ServiceSelection(replicas=(("api", 3), ("shop_job", 4), ("web", 1))))

    assert {name: (spec.replicas, spec.max_concurrent) for name, spec in specs.items() if "agent" not in name} == {
        "shop_web": (1, 0),
        "shop_api": (3, 0),
        "shop_job": (4, 4),
    }


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("web=2", "error: shop_web: more than one container cannot be named it"),
        ("agent=2", "error: shop_agent: scale can only be used with replicated or replicated-job mode"),
        ("apy=2", "error: no such service: apy\n  hint: did you mean 'api'?\n"),
    ],
)
def test_scale_refuses(shop, stackferry, asked, says):
    done = stackferry("up", "--dry-run", "--scale", asked)

    assert done.code == 1
    assert says in done.err
    assert not home(os.environ, "shop").database.exists()


def test_what_is_strict_is_kept_with_the_stack(shop):
    (shop / "compose.yaml").write_text("services: {api: {image: nginx}}\n")

    assert put(flavour=Flavour(strict=True))[0].strict
    assert not put()[0].strict


def test_what_the_stack_made_is_kept_with_it(shop):
    (shop / "compose.yaml").write_text(
        "services: {api: {image: nginx, configs: [app], secrets: [key]}}\n"
        "configs: {app: {content: hello}}\nsecrets: {key: {file: ./key}}\n"
    )
    (shop / "key").write_text("s3cret")

    record, _ = put()

    assert [(one.kind, one.name) for one in record.owned] == [("secret", "shop_key"), ("config", "shop_app")]
    assert "s3cret" not in repr(record)


DEPENDENT = """
services:
  db: {image: nginx}
  web: {image: nginx, depends_on: [db]}
  built: {image: mine, build: .}
"""


def test_without_what_it_depends_on(shop):
    (shop / "compose.yaml").write_text(DEPENDENT)

    assert set(put(services=ServiceSelection(("web",), with_dependencies=False))[1]) == {"shop_web"}
    assert set(put(services=WEB)[1]) == {"shop_web", "shop_db"}


def test_tasks_are_replaced_though_nothing_changed(shop):
    """Of the named services only, as docker compose does: not of what they depend on."""
    (shop / "compose.yaml").write_text(DEPENDENT)
    put(services=WEB)

    _, specs = put(services=WEB, rollout=Rollout(recreate="always"))

    assert {name: spec.task.force for name, spec in specs.items()} == {"shop_web": 1, "shop_db": 0}

    _, specs = put(services=WEB, rollout=Rollout(recreate_dependencies=True))

    assert {name: spec.task.force for name, spec in specs.items()} == {"shop_web": 1, "shop_db": 1}


def test_never_pulled_and_not_here(shop):
    (shop / "compose.yaml").write_text(DEPENDENT)

    with pytest.raises(StackferryError, match="no such image: mine"):
        put(images=ImagePolicy(build="never", pull="never"))


def test_always_pulled(shop, capsys):
    (shop / "compose.yaml").write_text(DEPENDENT)

    with pytest.raises(StackferryError, match="nginx:latest: pull access denied for nginx"):
        put(services=WEB, images=ImagePolicy(pull="always"))

    assert capsys.readouterr().err == "pulling nginx:latest\n"


def test_pulled_if_missing(shop, capsys):
    (shop / "compose.yaml").write_text("services: {db: {image: nginx}, web: {image: nosuch}}")

    with pytest.raises(StackferryError, match="nosuch:latest: pull access denied for nosuch"):
        put(images=ImagePolicy(pull="missing"))

    assert capsys.readouterr().err == "pulling nosuch:latest\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--exit-code-from", "wbe"), "error: no such service: wbe\n  hint: did you mean 'web'?\n"),
        (("-d", "--abort-on-container-exit"), "cannot be used together"),
        (("--wait", "--exit-code-from", "web"), "cannot be used together"),
        (("--build", "--no-build"), "--build and --no-build cannot be used together"),
    ],
)
def test_up_refuses(shop, stackferry, words, says):
    done = stackferry("up", *words)

    assert done.code in (1, 2)
    assert says in " ".join(done.err.split(" "))
    assert not home(os.environ, "shop").database.exists()


@pytest.mark.parametrize("words", [("--remove-orphans",), ("-y", "--quiet-pull"), ("-t", "3", "--pull", "missing")])
def test_up_takes_what_compose_users_type(shop, stackferry, words):
    done = stackferry("up", "--dry-run", *words)

    assert (done.code, done.err) == (0, "")


def test_what_is_made_is_told_once_in_dockers_order(shop, monkeypatch):
    """Networks, secrets, configs; what there was before is not made again."""
    (shop / "compose.yaml").write_text(
        "services: {web: {image: nginx, networks: [back, out], secrets: [key], configs: [conf]}}\n"
        "networks: {back: {}, out: {external: true}}\n"
        "secrets: {key: {environment: KEY}}\nconfigs: {conf: {content: b}}\n"
    )
    monkeypatch.setenv("KEY", "a")
    session = Session(dict(os.environ))
    engine = FakeEngine(VirtualClock(), images=["nginx"])

    first = put_in_force(session, engine, DeployRequest())
    assert first.made == ("network shop_back", "secret shop_key", "config shop_conf")
    assert put_in_force(session, engine, DeployRequest()).made == ()


def test_a_refused_stack_leaves_nothing_behind(shop):
    (shop / "compose.yaml").write_text(
        "services: {web: {image: nginx, ports: ['80:80']}, api: {image: nginx, ports: ['80:81']}}"
    )

    with pytest.raises(StackferryError, match="port '80' is already in use by service 'shop_api' as an ingress port"):
        put()
    assert not home(os.environ, "shop").database.exists()


def test_no_recreate(shop):
    """What would replace tasks stays, how many there are does not; what is new is made."""
    _, before = put()
    (shop / "compose.yaml").write_text(
        "services: {api: {image: nginx, command: more, deploy: {replicas: 3}, ports: ['80:80']}, new: {image: nginx}}"
    )

    _, after = put(rollout=Rollout(recreate="never", follow_images=True))
    assert after["shop_api"].task == before["shop_api"].task
    assert after["shop_api"].endpoint == before["shop_api"].endpoint
    assert after["shop_api"].replicas == 3
    assert "shop_new" in after

    assert put()[1]["shop_api"].task.container.args == ("more",)


UNUSED = """
services: {web: {image: nginx, networks: [back]}}
networks: {back: {}, idle: {}}
volumes: {idle: {}}
secrets: {my.key: {file: ./key}, theirs: {external: true}}
configs: {conf: {content: a}}
"""


def test_what_no_service_uses(shop):
    """Docker makes secrets and configs, no networks, and looks for none that are external; compose makes none."""
    (shop / "compose.yaml").write_text(UNUSED)
    session, engine = Session(dict(os.environ)), FakeEngine(VirtualClock(), images=["nginx"])

    with pytest.raises(StackferryError, match=r"cannot read .*key: No such file"):
        put_in_force(session, engine, DeployRequest(flavour=STACK_DEPLOY))
    (shop / "key").write_text("s3cret")
    assert put_in_force(session, engine, DeployRequest()).made == ("network shop_back",)
    docker = DeployRequest(flavour=STACK_DEPLOY)
    assert put_in_force(session, engine, docker).made == ("secret shop_my.key", "config shop_conf")
    assert put_in_force(session, engine, docker).made == ()

    record, _ = put()
    assert [one.name for one in record.owned] == ["shop_my.key", "shop_conf"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("services: {we.b: {image: nginx}}", "failed to create service shop_we.b: name must be valid as a DNS name"),
        ("services: {web-: {image: nginx}}", "failed to create service shop_web-: name must be valid as a DNS name"),
        (f"services: {{{'a' * 59}: {{image: nginx}}}}", "name must be 63 characters or fewer"),
        (
            "services: {web: {image: nginx, networks: [n.t]}}\nnetworks: {n.t: {}}",
            "failed to create network shop_n.t: name must be valid as a DNS name component",
        ),
        (
            "services: {web: {image: nginx}}\nsecrets: {a.: {environment: HOME}}",
            "failed to create secret shop_a.: invalid name, only 64",
        ),
        (
            "services: {web: {image: nginx}}\nconfigs: {a: {content: a, name: x y}}",
            "failed to create config x y: invalid name, only 64",
        ),
    ],
)
def test_names_that_a_swarm_does_not_take(shop, text, says):
    """`up` takes them, as docker compose does."""
    (shop / "compose.yaml").write_text(text)

    with pytest.raises(StackferryError, match=says):
        put(flavour=STACK_DEPLOY)
    assert not home(os.environ, "shop").database.exists()
    put()


def test_networks_of_others_may_be_called_anything(shop):
    (shop / "compose.yaml").write_text(
        "services: {web: {image: nginx, networks: [o]}}\nnetworks: {o: {external: true, name: o.t}}"
    )
    put(flavour=STACK_DEPLOY)
