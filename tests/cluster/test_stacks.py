"""Stacks of fixtures/cluster on a node: what compose would do must happen, whatever the manifests look like."""

from pathlib import Path

import pytest

from tests.cluster import images
from tests.cluster.converted import Converted, bring_up, explained
from tests.cluster.kube import Kube, stays
from tests.cluster.promises import Promises, door, fetch, is_answered

STACKS = Path(__file__).resolve().parents[2] / "fixtures" / "cluster"


def started(node: Kube, stack: str, **options: object) -> Converted:
    reason = images.missing((STACKS / stack / "compose.yaml").read_text("utf-8"))
    if reason:
        pytest.skip(reason)
    return bring_up(node, STACKS / stack, **options)  # type: ignore[arg-type]


def test_every_name_and_port_answers_its_peers(node: Kube) -> None:
    started(node, "names")
    stack = Promises(node)
    for url in (
        "http://shop:8080/ shop",
        "http://shop:9090/ shop",
        "http://the-shop:8080/ shop",
        "http://storefront:8080/ shop",
        "http://shop.internal:8080/ shop",
        "http://database:5432/ store",
        "http://my-store:5432/ store",
        "$STORE_URL store",
    ):
        stack.answers("client", *url.split())
    stack.soon("extra_hosts", lambda: "10.9.8.7" in node.shell("client", "grep fixed.example /etc/hosts").out)
    stack.soon("the published port", lambda: fetch(door(node, "shop", 8080)) == "shop\n")
    stack.kept()


def test_a_replaced_pod_is_found_again_by_who_resolves_once(node: Kube) -> None:
    started(node, "stale")
    stack = Promises(node)
    proxy, before = node.pod("proxy"), node.pod("backend")
    stack.soon("the first answer", lambda: fetch(door(node, "proxy", 80)).strip() == before)
    node.delete_pods("backend")

    stack.soon("the new pod's answer", lambda: fetch(door(node, "proxy", 80)).strip() not in ("", before))
    stack.now("the proxy was not started again", lambda: node.ready("proxy") == [proxy] and not node.restarts("proxy"))
    stack.kept()


def test_the_order_of_start_is_held(node: Kube) -> None:
    started(node, "order")
    stack = Promises(node)
    stack.soon("the program runs", lambda: node.logs("program"), 120)
    stack.now("the program came after the migration", lambda: "in order" in node.logs("program"))
    stack.now("the program came once", lambda: "TOO EARLY" not in node.logs("program") and not node.restarts("program"))
    stack.soon("the follower runs", lambda: "here" in node.logs("follower"))
    stack.now(
        "the migration ran once",
        lambda: node.shell("program", "cat /state/migrated").out == "once\n" and not node.restarts("migrate"),
    )
    stack.kept()


@pytest.mark.parametrize("storage", ["standard", "block"])
def test_data_stays_and_seeds_are_there(node: Kube, storage: str) -> None:
    started(node, "storage", storage=storage)
    stack = Promises(node)

    def sees(what: str, service: str, script: str, expected: str) -> None:
        stack.soon(what, lambda: node.shell(service, script).out.strip() == expected)

    sees("a tree that is read only", "writer", "cat /conf/a.conf /conf/deep/b.conf", "a = 1\nb = 2")
    sees("files of a folder that is written", "writer", "cat /work/seed.txt", "from the folder")
    sees("which can be written", "writer", "echo new > /work/new && cat /work/new", "new")
    sees("a file that is written", "writer", "echo more >> /etc/program.ini && tail -n 1 /etc/program.ini", "more")
    sees("the tmpfs", "writer", "stat -c %a /scratch; df -k /scratch | awk 'END {print $2}'", "1770\n16384")
    sees("shared memory", "writer", "df -k /dev/shm | awk 'END {print $2}'", "32768")
    sees("who reads what another wrote", "reader", "cat /data/log", "line")
    sees("a volume of a user that is not root", "other", "echo mine > /own/file && cat /own/file", "mine")
    stack.soon("what the image holds in a new volume", lambda: "Welcome to nginx" in fetch(door(node, "site", 80)))
    stack.now("a volume begins without lost+found", lambda: "lost+found" not in node.shell("reader", "ls -a /data").out)

    node.delete_pods("writer")
    sees("what was written, after the pod is gone", "writer", "cat /data/log", "line\nline")
    sees("the folder as well", "writer", "cat /work/new", "new")
    stack.kept()


@pytest.mark.parametrize("storage", ["standard", "block"])
def test_a_program_finds_its_folder_at_its_first_start(node: Kube, storage: str) -> None:
    started(node, "crashcopy", storage=storage)
    stack = Promises(node)
    stack.soon("it starts", lambda: "started as fred" in node.logs("program"))
    stack.now("at once", lambda: not node.restarts("program"))
    node.delete_pods("program")
    stack.soon("its notes are kept", lambda: node.shell("program", "cat /etc/program/notes").out == "note\nnote\n")
    stack.kept()


def test_secrets_configs_and_values_arrive_unchanged(node: Kube) -> None:
    started(node, "secrets")
    stack = Promises(node)

    sees = stack.sees
    sees("program", "cat /run/secrets/key /run/secrets/renamed", "s3cret\ntok3n\n")
    sees("program", "cat /etc/program/settings.yml; stat -Lc %a /etc/program/settings.yml", "a: 1\n440\n")
    sees("program", "cat /inline", "hello ${X}")
    sees("program", 'printf %s "$DB_PASSWORD|$DOLLAR|$LINES"', "p$(HOME)w|$(X) $HOME|a\nb")
    sees("guest", "cat /run/secrets/key", "s3cret\n")
    sees("guest", "cat /run/secrets/mine", "tok3n\n")
    stack.kept()


def test_checks_gate_who_is_ready_and_nobody_is_restarted(node: Kube) -> None:
    started(node, "probes", unready=["Deployment/never"])
    stack = Promises(node)
    for service in ("selfish", "ring-a", "ring-b", "slow", "slower"):
        stack.soon(f"{service} becomes ready", lambda service=service: node.ready(service), 90)
    stack.now("the check of `never` fails, so it is not ready", lambda: not node.ready("never"))
    for service in ("selfish", "ring-a", "ring-b", "slow", "slower", "never"):
        # Docker calls it unhealthy, and leaves it alone.
        stack.now(f"{service} was not started again", lambda service=service: not node.restarts(service))
    stack.kept()


def test_every_kind_of_workload_runs_as_it_should(node: Kube) -> None:
    started(node, "kinds", unready=["Deployment/failing"])
    stack = Promises(node)
    for service in ("everywhere", "safe", "unsafe", "managed", "hardened"):
        stack.soon(f"{service} is ready", lambda service=service: node.ready(service))
    stack.soon("two tasks ran", lambda: node.logs("tasks").count("task") == 2)
    stack.soon("the one shot was run", lambda: "done once" in node.logs("oneshot"))
    stack.soon("the failing one was tried three times", lambda: _tries(node) >= 3, 120)
    # Only evidence makes a Job, and `on-failure` is what many daemons have: Kubernetes goes on trying.
    rows = {row["key"]: row["fate"] for row in explained(STACKS / "kinds")}
    stack.now("explain says that it goes on", lambda: rows["services.failing.restart"] == "approximated")
    stack.now("there is none of `none`", lambda: not node.pods("none"))
    stack.now("no storm of pods", lambda: len(node.each("Pod", "app.kubernetes.io/name=unsafe")) == 1)
    stack.soon("the hardened one reads only", lambda: "Read-only" in node.shell("hardened", "touch /file").err)
    status = "grep -E '^(CapEff|NoNewPrivs|Uid)' /proc/self/status | awk '{print $2}'"
    stack.soon("it may do nothing", lambda: node.shell("hardened", status).out.split() == ["65534", "0" * 16, "1"])
    # Long enough for a container that is started again to show it.
    stack.now("the one shot ran once", lambda: stays(lambda: node.logs("oneshot").count("done once") == 1, 15))
    stack.now("it was not started again", lambda: not node.restarts("oneshot"))
    stack.kept()


def _tries(node: Kube) -> int:
    pods = node.each("Pod", "app.kubernetes.io/name=failing")
    return node.restarts("failing") + len(pods)


def test_networks_are_shared_with_others_and_the_host(node: Kube) -> None:
    started(node, "shared")
    stack = Promises(node)
    host = f"http://{node.cluster.address[0]}"
    stack.soon("what is behind the tunnel", lambda: fetch(door(node, "tunnel", 8080)) == "behind the tunnel\n")
    stack.soon("the network of the host", lambda: fetch(f"{host}:30483/") == "on the host\n")
    stack.soon("a port of the host", lambda: fetch(f"{host}:30484/") == "by host port\n")
    stack.soon("a pinned port", lambda: fetch(f"{host}:30486/") == "pinned\n")
    stack.now("loopback is nobody else's", lambda: not is_answered(f"{host}:30485/"))
    stack.kept()


@pytest.mark.parametrize("storage", ["standard", "block"])
def test_a_database_keeps_what_it_was_told(node: Kube, storage: str) -> None:
    started(node, "pgapp", storage=storage)
    stack = Promises(node)
    stack.soon("the program gets what the script made", lambda: "CONNECTED" in node.logs("program"), 150)
    stack.now("at its first start", lambda: not node.restarts("program") and not node.restarts("db"))
    stack.soon("the cache answers", lambda: "PONG" in node.shell("cache", "redis-cli ping").out)
    ask = "psql -U postgres -d program -tAc"
    stack.soon("a new row", lambda: node.shell("db", f"{ask} \"insert into words values ('later')\"").code == 0)
    node.delete_pods("db")
    stack.soon(
        "both rows after the pod is gone",
        lambda: node.shell("db", f"{ask} 'select word from words'").out == "from the script\nlater\n",
        120,
    )
    stack.now("the pod is ready", lambda: node.ready("db"))
    stack.kept()
