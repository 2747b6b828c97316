"""`service create` and `service rm`: a stack is created with its first service and ends with its last."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.store.directories import home, stacks
from tests.engine.fixtures import engine, stack
from tests.engine.stack import Stack
from tests.stackferry.conftest import Outcome
from tests.swarm.image import NAME

__all__ = ["engine", "stack"]

COMPOSE = "services: {}"


@pytest.mark.slow
@pytest.mark.parametrize("words", [("service", "rm"), ("stack", "rm", "--detach")])
def test_the_stack_goes_with_its_last_service(stack: Stack, words: tuple[str, ...]) -> None:
    # Such a service has no prefix: its name has to be one in the whole engine.
    first, second = f"{stack.name}-one", f"{stack.name}-two"
    create = ("-p", stack.name, "service", "create", "-q", "-p", "8080", "--entrypoint", "actor")
    stack.ok(*create, "--name", first, NAME)
    stack.ok("-p", stack.name, "service", "create", "-q", "--entrypoint", "actor", "--name", second, NAME)
    assert stack.ok("stack", "ls", "--format", "{{.Name}} {{.Services}}") == f"{stack.name} 2\n"
    manager = manager_pid(stack.home)

    stack.ok("-p", stack.name, "service", "rm", first)
    stack.eventually(lambda: len(stack.running()) == 1)
    assert manager_pid(stack.home) == manager
    stack.ok("-p", stack.name, *words, second if words[0] == "service" else stack.name)

    stack.eventually(lambda: not stack.home.directory.exists())
    stack.eventually(lambda: manager_pid(stack.home) is None)
    assert (stack.containers(), stack.ok("ls", "-q"), stack.ok("stack", "ls", "--format", "{{.Name}}")) == ([], "", "")
    assert not stack.home.directory.exists()
    # The next one begins anew.
    stack.ok(*create, "--name", first, NAME)
    assert len(stack.running()) == 1


def test_what_is_refused_leaves_no_stack(
    here: Path, stackferry: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    from stackferry import engine
    from stackferry.emulator.engine.protocol import EngineError
    from stackferry.emulator.fake.clock import VirtualClock
    from stackferry.emulator.fake.engine import FakeEngine

    calls = []

    class Tired(FakeEngine):
        """Answers twice: what is asked before anything is stored."""

        def version(self):  # type: ignore[no-untyped-def]
            calls.append("version")
            if len(calls) > 1:
                raise EngineError("the engine is gone")
            return super().version()

    it = Tired(VirtualClock())
    monkeypatch.setattr(engine, "connect", lambda _session: it)

    done = stackferry("service", "create", "--no-resolve-image", "--name", "web", "nginx")

    assert (done.code, "the engine is gone" in done.err) == (1, True)
    assert (list(stacks(os.environ)), home(os.environ, "services").directory.exists()) == ([], False)
