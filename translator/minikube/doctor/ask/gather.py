"""Runs queries concurrently; a query that hangs or fails does not delay the answers of the others."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown

T = TypeVar("T")
PATIENCE = 5.0
"""Seconds that a program may take. The first VBoxManage starts a service before it answers."""
_MARGIN = 0.5
"""Further seconds, in which a program that was stopped reports that."""


class Later(Generic[T]):
    """An answer under way, or an Unknown if it does not arrive within `patience` seconds from now."""

    def __init__(self, what: str, ask: Callable[[], T], patience: float) -> None:
        self._what, self._ask, self._patience = what, ask, patience
        self._until = time.monotonic() + patience + _MARGIN
        self._answer: T | Unknown | None = None
        self._bug: BaseException | None = None
        self._done = threading.Event()
        # A thread that hangs is abandoned when the process ends.
        threading.Thread(target=self._run, name=f"doctor: {what}", daemon=True).start()

    def _run(self) -> None:
        try:
            self._answer = self._ask()
        except NotTriedError as error:
            self._answer = Unknown(str(error))
        except OSError as error:
            self._answer = Unknown(f"{self._what}: {error.strerror or error}")
        except StackferryError as error:
            # The error names the program itself.
            self._answer = Unknown(str(error))
        except (ValueError, LookupError) as error:
            self._answer = Unknown(f"{self._what}: {error}")
        except BaseException as error:  # noqa: BLE001 - a bug of ours is raised where the answer is awaited
            self._bug = error
        finally:
            self._done.set()

    def get(self) -> T | Unknown:
        """Wait for the answer and return it."""
        if not self._done.wait(max(0.0, self._until - time.monotonic())):
            return Unknown(f"{self._what} did not answer within {self._patience:.0f} s")
        if self._bug is not None:
            raise self._bug
        return self._answer  # type: ignore[return-value]  # it is None only where T has None
