"""Our answer: the loader called in this process, with a watchdog that turns a hang into an answer."""

import contextlib
import json
import signal
import threading
import traceback
from collections.abc import Iterator
from types import FrameType

from stackferry.grammar.compose.load import Loaded, Request, load
from stackferry.grammar.compose.output.render import render_json, render_yaml
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.files import Disk
from tests.conformance.answer import Answer, Verdict
from tests.conformance.case import HOME, Case

TIMEOUT = 10.0
"""Seconds after which we count as hung."""


class _Hung(BaseException):
    """Raised from the timer; not an `Exception`, so that no handler in the loader can swallow it."""


def run(case: Case) -> Answer:
    """What `stackferry config --format json` prints for the case, as JSON values."""
    request = Request(
        files=case.files,
        project_name=case.project_name,
        profiles=case.profiles,
        env_files=case.env_files,
        project_directory=case.project_directory,
        services=case.services,
        check_named=False,
    )
    try:
        with _watch():
            files = Disk(cwd=case.directory, home=HOME)
            loaded = load(request, files=files, environment=case.environment, stdin=lambda: b"")
            return Answer(Verdict.ACCEPTED, document=_printed(loaded, case.notation))
    except StackferryError as error:
        return Answer(Verdict.REFUSED, error=str(error))
    except _Hung:
        return Answer(Verdict.HUNG, error=f"no answer within {TIMEOUT:g} s")
    except Exception:  # noqa: BLE001 - whatever else comes is a bug of ours, and the report is where it must show
        return Answer(Verdict.CRASHED, error=traceback.format_exc(limit=-6))


def _printed(loaded: Loaded, notation: str) -> object:
    """What `config` prints; every `$` is doubled, because the output is a compose file again."""
    if notation == "json":
        return json.loads(render_json(loaded.canonical_json()).replace("$", "$$"))
    return render_yaml(loaded.canonical()).replace("$", "$$").split("\n")


@contextlib.contextmanager
def _watch() -> Iterator[None]:
    """Raise `_Hung` in here after TIMEOUT; only the main thread can be watched."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise _Hung

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, TIMEOUT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
