"""The process of a running machine, like VBoxHeadless: started by startvm, it ends with the machine.

It tells startvm the machine's address as soon as it is known. SIGUSR1 is the power button, SIGTERM cuts the power. A
machine that ends by itself is recorded in the state: `poweroff`, or `aborted` if it was killed.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any, Protocol

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.minikube.vboxmanage import registry
from tests.minikube.vboxmanage.machines import now


class Machine(Protocol):
    """What a kind of machine can do."""

    def start(self) -> str:
        """Start it; the answer is its address on the host-only network."""

    def press(self) -> None:
        """The power button: it ends when it likes."""

    def kill(self) -> None:
        """It ends now."""

    def wait(self) -> str:
        """Wait for its end, and remove its traces; the answer is the state in which it is now."""


def main(name: str) -> None:
    state = registry.read(registry.folder())
    machine, killed = _made(name, state), [False]

    def kill(*_: Any) -> None:
        killed[0] = True
        machine.kill()

    signal.signal(signal.SIGTERM, kill)
    signal.signal(signal.SIGUSR1, lambda *_: machine.press())
    try:
        print(machine.start(), flush=True)
        # startvm reads until the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except BaseException:
        machine.kill()
        machine.wait()
        raise
    word = machine.wait()
    # Whoever takes the power away holds the state's lock until we are gone, and notes the end itself.
    with registry.edited(registry.folder(), give_up=lambda: killed[0]) as held:
        if held and not killed[0] and name in held["vms"]:
            held["vms"][name].pop("keeper", None)
            held["vms"][name] |= {"state": word, "changed": now()}


def _made(name: str, state: registry.State) -> Machine:
    if registry.kind() == "ns":
        from tests.minikube.vboxmanage.namespaces import Namespaces

        return Namespaces(name, state)
    from tests.minikube.vboxmanage.fakessh import Server

    return Server(state["vms"][name])


if __name__ == "__main__":
    main(sys.argv[1])
