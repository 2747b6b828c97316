"""Commands that talk to the engine: logs, exec, attach, kill, top, stats. The engine is a stub; and `wait`."""

import os
import threading

import pytest

from stackferry.emulator.engine.protocol import ContainerInfo, EngineError
from stackferry.emulator.engine.usage import Usage
from tests.stackferry.conftest import identity

OUTPUT = {
    # the beginning of a container's id: (time, stream, text)
    "ct0": [(1, "stdout", "old one"), (2, "stderr", "dying")],
    "ct1": [(3, "stdout", "hello"), (6, "stdout", "there")],
    "ct2": [(4, "stdout", "me too"), (5, "stderr", "oops")],
}

KEPT = {"ct2": "tier=back%2Fend,COLOUR=red"}
"""What the logging driver has of labels and variables, as the engine says it."""


class Flow:
    def __init__(self, rows, hold=None):
        self.rows, self.hold = iter(rows), hold

    def __iter__(self):
        return self

    def __next__(self):
        for row in self.rows:
            return row
        if self.hold is not None:
            self.hold.wait(10)
        raise StopIteration

    def close(self):
        if self.hold is not None:
            self.hold.set()


class Talk:
    """A session that says what it was given on its standard input, and ends."""

    def __init__(self, said, code=0):
        self.said, self.code, self.closed = list(said), code, False

    def read(self):
        return self.said.pop(0) if self.said else None

    def write(self, data):
        pass

    def end_input(self):
        pass

    def resize(self, rows, columns):
        pass

    def exit_code(self):
        return self.code

    def close(self):
        self.closed = True


class Stub:
    def __init__(self):
        self.calls = []
        self.at = 0

    def logs(self, container, *, follow=False, since=0.0, until=0.0, tail=None, timestamps=False, details=False, **_):
        if not container.startswith(tuple(OUTPUT)):
            raise EngineError(f"No such container: {container}", status=404)
        kept = f"{KEPT.get(container[:3], '')} " if details else ""
        rows = [
            (stream, f"2023-11-14T22:00:{at:02}.000000000Z {kept}{text}".encode())
            for at, stream, text in OUTPUT[container[:3]]
        ]
        return Flow(rows if tail is None else rows[len(rows) - tail :])

    def exec_stream(self, container, command, **options):
        self.calls.append((container, command, options))
        return Talk([("stdout", b"out\n"), ("stderr", b"err\n")], code=3)

    def attach(self, container, *, stdin=True, keys=""):
        self.calls.append((container, stdin))
        return Talk([("stdout", b"attached\n")])

    def inspect(self, container):
        return ContainerInfo(container, "x", "x", {}, "running")

    def kill(self, container, signal):
        self.calls.append((container[:3], signal))

    def top(self, container):
        return ("UID", "PID", "CMD"), (("root", "1", "nginx: master"), ("www", "7", "nginx: worker"))

    def stats(self, container):
        if container.startswith("ct2"):
            raise EngineError("gone", status=404)
        self.at += 1
        return Usage(self.at, self.at * 0.25, 5 << 20, 64 << 20, 1500, 20, 3_000_000, 0, 4)


@pytest.fixture
def engine(running, monkeypatch):
    from stackferry import engine

    stub = Stub()
    monkeypatch.setattr(engine, "connect", lambda _session: stub)
    return stub


def test_logs_are_in_the_order_of_time(engine, stackferry):
    done = stackferry("logs", "web")

    assert done.out.splitlines() == [
        "web.1   | old one",
        "web.1   | hello",
        "web.2   | me too",
        "web.1   | there",
    ]
    assert done.err.splitlines() == ["web.1   | dying", "web.2   | oops"]


def test_logs_as_wanted(engine, stackferry):
    assert stackferry("logs", "-n", "1", "--no-log-prefix", "-t", "web.1").out.splitlines() == [
        "2023-11-14T22:00:06.000000000Z there"
    ]
    assert stackferry("logs", "--index", "2", "web").out == "web.2  | me too\n"
    assert "\033[36mweb.1   | \033[0mold one" in stackferry("--color", "always", "logs", "web").out
    assert stackferry("logs", "--tail", "few").code == 2
    assert stackferry("logs", "--since", "yesterday").code == 1


def test_service_logs(engine, stackferry):
    done = stackferry("service", "logs", "shop_web")

    assert done.out.splitlines() == [
        "shop_web.1.t0xxxxxxxxxx@node-1    | old one",
        "shop_web.1.t1xxxxxxxxxx@node-1    | hello",
        "shop_web.2.t2xxxxxxxxxx@node-1    | me too",
        "shop_web.1.t1xxxxxxxxxx@node-1    | there",
    ]
    assert done.err.splitlines() == [
        "shop_web.1.t0xxxxxxxxxx@node-1    | dying",
        "shop_web.2.t2xxxxxxxxxx@node-1    | oops",
    ]
    assert stackferry("service", "logs", "--raw", "web.2").out == "me too\n"
    assert stackferry("service", "logs", "--no-task-ids", "-t", "web.2").out == (
        "2023-11-14T22:00:04.000000000Z shop_web.2@node-1    | me too\n"
    )
    assert stackferry("service", "logs", "nosuch").code == 1


def test_service_logs_with_details(engine, stackferry):
    """What names the task is in the details only where nothing else says it: as docker."""
    assert stackferry("service", "logs", "--details", "shop_web").out.splitlines() == [
        "shop_web.1.t0xxxxxxxxxx@node-1    |  old one",
        "shop_web.1.t1xxxxxxxxxx@node-1    |  hello",
        "shop_web.2.t2xxxxxxxxxx@node-1    | COLOUR=red,tier=back/end me too",
        "shop_web.1.t1xxxxxxxxxx@node-1    |  there",
    ]
    ids = f"com.docker.swarm.node.id={identity('node1')},com.docker.swarm.service.id={identity('sweb')}"
    assert stackferry("service", "logs", "--details", "--raw", "-t", "web.2").out == (
        f"2023-11-14T22:00:04.000000000Z tier=back%2Fend,COLOUR=red,{ids},com.docker.swarm.task.id={identity('t2')}"
        " me too\n"
    )


def test_logs_are_followed_until_all_has_ended(engine, stackferry, running):
    """The job runs when it begins; another writer ends it, and the command with it."""
    from dataclasses import replace

    from stackferry.emulator.cluster.state import TaskState
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    OUTPUT["ctj"] = [(7, "stdout", "migrated")]

    def end(cluster):
        tasks = {
            key: task.moved(TaskState.COMPLETE, 1.0, "finished") if key.startswith("tj") else task
            for key, task in cluster.tasks.items()
        }
        return replace(cluster, tasks=tasks)

    def later():
        store = Store(home(os.environ, "shop").database)
        store.change(end)
        store.close()

    timer = threading.Timer(0.3, later)
    timer.start()
    done = stackferry("logs", "-f", "job")
    timer.join()
    del OUTPUT["ctj"]

    assert sorted(done.out.splitlines()) == ["job.1       | migrated", "job.node-1  | migrated"]


def test_exec(engine, stackferry):
    done = stackferry(
        "exec", "--privileged", "-T", "-e", "A=1", "-u", "nobody", "-w", "/tmp", "web", "ls", "-l", "--help"
    )

    assert (done.code, done.out, done.err) == (3, "out\n", "err\n")
    container, command, options = engine.calls[0]
    assert (container[:3], command) == ("ct1", ["ls", "-l", "--help"])
    assert options.pop("keys") == ""
    assert options == {"user": "nobody", "workdir": "/tmp", "env": ["A=1"], "tty": False, "privileged": True}
    stackferry("exec", "-T", "--index", "2", "web", "ls")
    stackferry("exec", "-T", "web.2", "ls")
    stackferry("exec", "-T", "t2", "ls")
    assert [call[0][:3] for call in engine.calls[1:]] == ["ct2"] * 3


def test_exec_where_nothing_runs(engine, stackferry):
    done = stackferry("exec", "web.10", "ls")

    assert done.code == 1
    assert "task shop_web.10 is not running: it is pending: no suitable node" in done.err
    assert "no such task: web.5" in stackferry("exec", "web.5", "ls").err
    assert "no such task or service: wep\n  hint: did you mean 'web'?" in stackferry("exec", "wep", "ls").err


def test_attach(engine, stackferry):
    assert stackferry("attach", "--no-stdin", "--no-sig-proxy", "web.2").out == "attached\n"
    assert [(container[:3], stdin) for container, stdin in engine.calls] == [("ct2", False)]


def test_kill(engine, stackferry):
    assert stackferry("kill", "-s", "SIGHUP", "web").code == 0
    assert engine.calls == [("ct1", "SIGHUP"), ("ct2", "SIGHUP")]


def test_top(engine, stackferry):
    assert stackferry("top", "job").out.splitlines() == [
        "SERVICE   #         UID       PID       CMD",
        "job       1         root      1         nginx: master",
        "job       1         www       7         nginx: worker",
    ]


def test_stats(engine, stackferry):
    lines = stackferry("stats", "-a", "--no-stream", "web").out.splitlines()

    assert len(lines) == 2
    assert lines[0].startswith("CONTAINER ID   NAME         CPU %     MEM USAGE / LIMIT   MEM %     NET I/O")
    assert " ".join(lines[1].split()[1:]) == "shop_web.1 25.00% 5MiB / 64MiB 7.81% 1.5kB / 20B 3MB / 0B 4"


def test_wait(running, stackferry, monkeypatch):
    from dataclasses import replace

    from stackferry.emulator.cluster.state import TaskState
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    def end(cluster):
        tasks = {
            key: replace(task.moved(TaskState.FAILED, 1.0, "failed"), exit_code=4) if key.startswith("tj1") else task
            for key, task in cluster.tasks.items()
        }
        return replace(cluster, tasks=tasks)

    store = Store(home(os.environ, "shop").database)
    store.change(end)
    store.close()
    done = stackferry("wait", "job")

    assert done.code == 4
    assert [line.split(" exited ")[1] for line in done.out.splitlines()] == ["with status code 0", "with status code 4"]

    from stackferry.deploy import remove as ending

    ended = []
    monkeypatch.setattr(ending, "end", lambda _session, stack, *, volumes: ended.append((stack, volumes)))
    assert (stackferry("wait", "--down-project", "job").code, ended) == (4, [("shop", False)])
