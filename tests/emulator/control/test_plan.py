"""The content of a plan: nodes that come, go and change, and tasks that are replaced, with reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.spec import Mode, Placement, Reservations, ScheduleSpec, ServiceSpec, TaskTemplate
from stackferry.emulator.control.deployment import deploy
from stackferry.emulator.control.nodes import nodes_of
from stackferry.emulator.control.plan import plan
from stackferry.emulator.desired.nodes import NodeSpec, numbered
from stackferry.emulator.engine.protocol import EngineVersion
from tests.emulator.behaviour import Behaviour
from tests.emulator.world import World

ENGINE = EngineVersion("20.10", "1.41", "linux", "x86_64", 2, 1 << 30, "laptop")


@dataclass(frozen=True)
class Image(Behaviour):
    """A container that a plan can name."""

    image: str = "nginx"


TASK = TaskTemplate(container=Image())  # type: ignore[arg-type]
WEB = ServiceSpec("web", replicas=3, task=TASK)
AGENT = ServiceSpec("agent", Mode.GLOBAL, task=TASK)


def deployed(
    world: World, services: Sequence[ServiceSpec], nodes: Sequence[NodeSpec], anew: Mapping[str, str] | None = None
) -> str:
    """The plan of a deployment, which is then put in force."""
    before = world.cluster
    made = nodes_of("s", nodes, ENGINE)
    done = deploy(
        before, services, made, world.now, world.chance, prune=True, asked=bool(nodes), anew=frozenset(anew or ())
    )
    world.cluster = done.cluster
    text = str(plan(before, done.cluster, anew))
    list(world.run_until(world.now + 30.0))
    return text


def world() -> World:
    it = World()
    it.cluster = Cluster()
    return it


def test_nodes_join_and_leave() -> None:
    it = world()

    assert deployed(it, (WEB, AGENT), numbered(3)).splitlines() == [
        "+ node node-1: joins",
        "+ node node-2: joins",
        "+ node node-3: joins",
        "+ web: create 3 tasks of nginx",
        "+ agent: create 3 tasks of nginx",
    ]
    slot = next(one.slot for one in it.cluster.tasks.values() if it.cluster.nodes[one.node_id].hostname == "node-3")
    assert deployed(it, (WEB, AGENT), numbered(2)).splitlines() == [
        f"- node node-3: drain it, then remove it; off it: agent, web.{slot}",
        "= web: unchanged",
        "± agent: from 3 tasks to 2, one on each node",
    ]
    assert "node-3" not in deployed(it, (WEB, AGENT), numbered(2))
    assert deployed(it, (WEB,), numbered(3)).splitlines() == [
        "+ node node-3: joins",
        "= web: unchanged",
        "- agent: remove 2 tasks",
    ]
    assert deployed(it, (WEB,), ()) == "= web: unchanged\n"


def test_the_one_node_of_a_stack_goes_without_saying() -> None:
    assert "node" not in deployed(world(), (WEB,), ())
    assert "node" not in deployed(world(), (WEB,), (NodeSpec("a"),))


def test_nodes_change() -> None:
    it = world()
    node = NodeSpec("one", labels={"disk": "ssd"})
    web = replace(WEB, replicas=1, task=replace(TASK, placement=Placement(("node.labels.disk==ssd",))))
    deployed(it, (web,), (node, NodeSpec("two")))

    assert deployed(
        it, (web,), (node, NodeSpec("two", "manager", "pause", {"disk": "ssd"}, memory=9))
    ).splitlines() == [
        "~ node one: change role to worker",
        "~ node two: change labels.disk, role to manager, availability to pause, memory",
        "= web: unchanged",
    ]
    assert deployed(it, (web,), (NodeSpec("one"), NodeSpec("two", "manager", labels={"disk": "ssd"}))).splitlines() == [
        "~ node one: change labels.disk; off it: web.1",
        "~ node two: change availability to active, memory",
        "= web: unchanged",
    ]


def test_nodes_shrink() -> None:
    """Tasks lose their place in the order in which the enforcer counts what they reserve."""
    it = world()
    web = replace(WEB, replicas=2, task=replace(TASK, reservations=Reservations(memory=100)))
    deployed(it, (web,), (NodeSpec("one", memory=200),))

    assert deployed(it, (web,), (NodeSpec("one", memory=150),)).splitlines() == [
        "~ node one: change memory; off it: web.2",
        "= web: unchanged",
    ]
    assert "off it" not in deployed(it, (web,), (NodeSpec("one", memory=120),))


def test_why_tasks_are_replaced_of_which_nothing_changed() -> None:
    it = world()
    deployed(it, (WEB, AGENT), ())

    assert deployed(it, (WEB, AGENT), (), {"web": "image (newly built or pulled)"}).splitlines() == [
        "~ web: replace web.1, web.2, web.3, stop-first, 1 at a time, because of image (newly built or pulled)",
        "= agent: unchanged",
    ]


def test_a_job_runs_at_its_moments_only() -> None:
    it, tick = world(), ScheduleSpec("*/5 * * * *")
    job = ServiceSpec("backup", Mode.REPLICATED_JOB, 1, 1, TASK, schedules=(tick,))

    assert deployed(it, [job], []) == "+ backup: create a job of nginx, run at */5 * * * *\n"
    assert deployed(it, [job], []) == "= backup: unchanged, run at */5 * * * *\n"
    other = replace(job, task=replace(TASK, container=Image(image="caddy")))  # type: ignore[arg-type]
    assert deployed(it, [other], []) == "~ backup: change its next runs, at */5 * * * *\n"
    assert deployed(it, [], []) == "- backup: remove the job\n"


def test_who_is_restarted_after_others() -> None:
    it = world()
    new = TaskTemplate(container=Image(image="nginx:2"))  # type: ignore[arg-type]
    db = ServiceSpec("db", task=TASK)
    follower = replace(WEB, depends_on={"db": "service_started"}, follows=("db",))
    far = ServiceSpec("far", task=TASK, depends_on={"web": "service_started"}, follows=("web",))
    deployed(it, (db, follower, far), ())

    assert deployed(it, (replace(db, task=new), follower, far), ()).splitlines() == [
        "~ db: replace db.1, stop-first, 1 at a time, because of image",
        "~ web: replace web.1, web.2, web.3 after db, stop-first, 1 at a time, because of depends_on.db.restart",
        "~ far: replace far.1 after web, stop-first, 1 at a time, because of depends_on.web.restart",
    ]
    assert deployed(it, (replace(db, task=new), replace(follower, task=new), far), ()).splitlines()[1:] == [
        "~ web: replace web.1, web.2, web.3, stop-first, 1 at a time, because of image",
        "~ far: replace far.1 after web, stop-first, 1 at a time, because of depends_on.web.restart",
    ]
