"""VBoxManage for tests: keeps machines and host-only networks in RIG_DIR, and does what minikube's driver asks.

RIG_DIR      where the state, the log of all calls (calls.log) and other logs are
RIG_VM       what startvm starts: `ns` a machine of namespaces (root), `ssh` an SSH server alone, `none` nothing
RIG_FAIL     'PREFIX=>MESSAGE|||…': calls that begin with PREFIX print MESSAGE on stderr and end with 1
RIG_VERSION  what --version prints
"""

import os
import sys
from collections.abc import Callable

from tests.minikube.vboxmanage import disk, lists, machines, networks, power, registry, showvminfo
from tests.minikube.vboxmanage.errors import VBoxError, injected

VERSION = "7.2.22r175245"

COMMANDS: dict[str, Callable[[list[str], registry.State], str]] = {
    # each gives what goes to stdout
    "list": lists.listed,
    "showvminfo": showvminfo.showvminfo,
    "hostonlyif": networks.hostonlyif,
    "dhcpserver": networks.dhcpserver,
    "createvm": machines.createvm,
    "modifyvm": machines.modifyvm,
    "storagectl": machines.storagectl,
    "storageattach": machines.storageattach,
    "sharedfolder": machines.sharedfolder,
    "setextradata": machines.setextradata,
    "getextradata": machines.getextradata,
    "guestproperty": machines.guestproperty,
    "startvm": power.startvm,
    "controlvm": power.controlvm,
    "discardstate": power.discardstate,
    "unregistervm": power.unregistervm,
}


def main(words: list[str]) -> int:
    """Do one command; the answer is how it ends."""
    folder = registry.folder()
    with (folder / "calls.log").open("a") as log:
        log.write(" ".join(words) + "\n")
    sys.stdout.write(registry.read(folder).get("warning", ""))
    try:
        sys.stdout.write(_done(words))
    except VBoxError as reason:
        sys.stdout.flush()
        print(reason, file=sys.stderr)
        return reason.code
    return 0


def _done(words: list[str]) -> str:
    # Neither needs the state for long: a disk of 20 GB takes a minute.
    if words in (["--version"], ["-v"]) or words[:1] == ["convertfromraw"]:
        reason = injected(words, registry.read(registry.folder()))
        if reason:
            raise reason
        return disk.convertfromraw(words) if len(words) > 1 else f"{os.environ.get('RIG_VERSION', VERSION)}\n"
    with registry.edited(registry.folder()) as state:
        assert state is not None
        power.refresh(state)
        reason = None if words[:1] == ["startvm"] else injected(words, state)
        if reason:
            raise reason
        command = COMMANDS.get(words[0]) if words else None
        if command is None:
            raise VBoxError(f"VBoxManage: error: Invalid command '{''.join(words[:1])}'", code=2)
        return command(words, state)
