"""What an ended container of a task, or an init container, tells: its exit and its last output."""

from stackferry.emulator.cluster.observation import Died, Observation, StepEnded
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError


def ended(task_id: str, info: ContainerInfo) -> list[Observation]:
    """The observations from an ended container."""
    if info.running or not info.started_at:
        return []
    return [Died(task_id, info.exit_code, info.error)]


_LAST_WORDS = 3
"""Lines of a failed init container that `ps` shows."""


def step_ended(engine: Engine, task_id: str, step: int, info: ContainerInfo) -> list[Observation]:
    """The observations from an ended init container, with its last output if it failed."""
    if info.running or not info.started_at:
        return []
    error = info.error or (last_words(engine, info.id) if info.exit_code else "")
    return [StepEnded(task_id, step, info.exit_code, error)]


def last_words(engine: Engine, container_id: str) -> str:
    """The last lines that a container wrote, from standard error if it wrote any there."""
    try:
        lines = list(engine.logs(container_id, tail=20))
    except EngineError:
        return ""
    errors = [line for kind, line in lines if kind == "stderr"]
    said = [line.decode(errors="replace").strip() for line in errors or [line for _, line in lines]]
    return " / ".join([line for line in said if line][-_LAST_WORDS:])
