"""Lifecycle handlers: hooks, the stop signal and the pause before the end, combined."""

import subprocess
from typing import Any

import pytest

from stackferry.grammar.compose.model.attachments import Hook
from stackferry.grammar.compose.model.terms import Namespace, User
from stackferry.grammar.files import Memory
from stackferry.translator.host import Host
from stackferry.translator.naming.naming import plan_names
from stackferry.translator.notes import Notes
from stackferry.translator.options import Options
from stackferry.translator.pod.lifecycle import lifecycle
from stackferry.translator.stack import stack_of
from tests.translator.making import HERE, codes, container, note, project, service, translated

HOOK = Hook(command=("app", "warm up"))
KILL = "kill -s USR1 1 && while kill -0 1 2>/dev/null; do sleep 1; done"


def of(**keys: Any) -> dict[str, Any]:
    found: dict[str, Any] = container(translated(service(**{"image": "app:1", **keys}))).get("lifecycle", {})
    return found


def paused(seconds: int, **keys: Any) -> dict[str, Any]:
    web = service(**keys)
    stack = stack_of(project(web), Host(Memory({}, HERE)), Options(), plan_names(project(web), Notes()))
    return lifecycle(web, stack, Notes(), pause=seconds)


def test_nothing_asked_for() -> None:
    assert of() == {}


def test_one_hook_needs_no_shell() -> None:
    assert of(post_start=(HOOK,)) == {"postStart": {"exec": {"command": ["app", "warm up"]}}}
    assert of(pre_stop=(HOOK,)) == {"preStop": {"exec": {"command": ["app", "warm up"]}}}


def test_several_hooks_are_one_script() -> None:
    assert of(pre_stop=(HOOK, Hook(command=("b",))))["preStop"]["exec"]["command"] == [
        "/bin/sh",
        "-c",
        "app 'warm up' && b",
    ]


def test_what_a_hook_sees_is_what_compose_gives_it() -> None:
    hook = Hook(command=("sh", "-c", 'echo "$PWD $A"'), working_dir="/tmp", environment={"A": "it's", "UNSET": None})
    command = of(post_start=(hook,))["postStart"]["exec"]["command"]

    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "/tmp it's\n"


def test_a_variable_that_no_shell_can_set() -> None:
    command = of(post_start=(Hook(command=("env",), environment={"a.b": "1 2"}),))["postStart"]["exec"]["command"]

    assert "a.b=1 2" in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize(
    ("hook", "keys"),
    [
        (Hook(command=("a",), user=User("root")), {}),
        (Hook(command=("a",), user=User("0")), {"user": "1000"}),
        (Hook(command=("a",), privileged=True), {}),
    ],
    ids=str,
)
def test_what_no_handler_can_do_is_left_out_and_reported(hook: Hook, keys: dict[str, Any]) -> None:
    found = translated(service(image="app:1", pre_stop=(hook,), **keys))

    assert "lifecycle" not in container(found)
    assert codes(found) == ["hook", "hook"]


def test_the_containers_own_user_and_rights_are_no_difference() -> None:
    hook = Hook(command=("a",), user=User("1000"), privileged=True)

    assert "preStop" in of(pre_stop=(hook,), user="1000", privileged=True)


def test_a_signal_of_its_own_is_sent_before_the_end() -> None:
    assert of(stop_signal="SIGUSR1")["preStop"]["exec"]["command"] == ["/bin/sh", "-c", KILL]


def test_hooks_come_before_the_signal_and_cannot_stop_it() -> None:
    found = of(stop_signal="SIGUSR1", pre_stop=(Hook(command=("a",)), Hook(command=("b",))))

    assert found["preStop"]["exec"]["command"][2] == f"a && b; {KILL}"


@pytest.mark.parametrize(("image", "signal"), [("nginx:1", "SIGQUIT"), ("app", "SIGTERM"), ("app", "15")])
def test_what_the_image_says_anyway_is_exact(image: str, signal: str) -> None:
    found = translated(service(image=image, stop_signal=signal))

    assert "exec" not in container(found).get("lifecycle", {}).get("preStop", {})
    assert codes(found) == []


def test_an_image_with_another_signal_gets_the_one_that_is_asked_for() -> None:
    assert "kill -s TERM 1" in of(image="nginx:1", stop_signal="SIGTERM")["preStop"]["exec"]["command"][2]


@pytest.mark.parametrize(
    "keys",
    [
        {"stop_signal": "SIGKILL"},
        {"stop_signal": "NOTHING"},
        {"stop_signal": "SIGUSR1", "init": True},
        {"stop_signal": "SIGUSR1", "pid": Namespace("host")},
    ],
    ids=str,
)
def test_a_signal_that_does_not_reach_the_process_needs_action(keys: dict[str, Any]) -> None:
    found = translated(service(**{"image": "app:1", **keys}))

    assert "lifecycle" not in container(found)
    assert not note(found, "stop-signal").kind.faithful


def test_a_pause_comes_first() -> None:
    assert paused(5) == {"preStop": {"sleep": {"seconds": 5}}}
    assert paused(5, pre_stop=(HOOK,))["preStop"]["exec"]["command"][2] == "sleep 5; app 'warm up'"
    assert paused(5, stop_signal="SIGUSR1")["preStop"]["exec"]["command"][2] == f"sleep 5; {KILL}"
    assert "preStop" not in paused(0, post_start=(HOOK,))
