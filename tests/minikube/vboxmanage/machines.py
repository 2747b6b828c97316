"""Commands that create, change and remove a stopped machine: createvm, modifyvm, storageattach and others."""

import time
import uuid
from pathlib import Path
from typing import Any

from tests.minikube.vboxmanage.errors import CODES, failure, locked, no_machine, plain
from tests.minikube.vboxmanage.registry import State
from tests.minikube.vboxmanage.words import value

PROGRESS = "...".join(f"{percent}%" for percent in range(0, 101, 10)) + "\n"


def found(state: State, name: str) -> dict[str, Any]:
    """The machine of that name. Raises what VirtualBox says of one that is not registered."""
    if name not in state["vms"]:
        raise no_machine(name)
    machine: dict[str, Any] = state["vms"][name]
    return machine


def now() -> str:
    """The time as VirtualBox writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000000", time.gmtime())


def hardware_address(machine: dict[str, Any], card: int, separator: str = "") -> str:
    """The MAC of a network card: always the same for one machine."""
    digits = "080027" + uuid.uuid5(uuid.UUID(machine["uuid"]), str(card)).hex[:6].upper()
    return separator.join(digits[at : at + 2] for at in range(0, 12, 2))


def createvm(words: list[str], state: State) -> str:
    name, folder = value(words, "--name"), value(words, "--basefolder")
    settings = Path(folder) / name / f"{name}.vbox"
    if name in state["vms"] or settings.exists():
        raise failure(f"Machine settings file '{settings}' already exists", "VBOX_E_FILE_ERROR", "machine")
    machine: dict[str, Any] = {"state": "poweroff", "changed": now(), "uuid": str(uuid.uuid4()), "folder": folder}
    machine |= {table: {} for table in ("settings", "rules", "media", "shares", "extradata", "guestproperties")}
    machine["controllers"] = []
    state["vms"][name] = machine
    (settings.parent / "Logs").mkdir(parents=True)
    settings.write_text("<VirtualBox/>\n", "utf-8")
    return (
        f"Virtual machine '{name}' is created and registered.\nUUID: {machine['uuid']}\nSettings file: '{settings}'\n"
    )


def modifyvm(words: list[str], state: State) -> str:
    """Pairs of words become settings; `--natpf1` has its own, for the rules of the NAT of the first card."""
    machine, rest = _changeable(words[1], state), words[2:]
    while rest:
        option = rest.pop(0).lstrip("-")
        if option != "natpf1":
            machine["settings"][option] = rest.pop(0)
        elif rest[0] == "delete":
            _without_rule(machine, rest[1])
            del rest[:2]
        else:
            name, *rule = rest.pop(0).split(",")
            if name in machine["rules"]:
                raise failure("A NAT rule of this name already exists", "NS_ERROR_INVALID_ARG", "nat")
            machine["rules"][name] = rule
    return ""


def _without_rule(machine: dict[str, Any], name: str) -> None:
    if name not in machine["rules"]:
        code = "NS_ERROR_INVALID_ARG"
        raise plain(
            f"Code {code} ({CODES[code]}) - Invalid argument value (extended info not available)",
            'Context: "RemoveRedirect(Bstr(ValueUnion.psz).raw())" at line 2264 of file VBoxManageModifyVM.cpp',
        )
    del machine["rules"][name]


def storagectl(words: list[str], state: State) -> str:
    _changeable(words[1], state)["controllers"].append(value(words, "--name"))
    return ""


def storageattach(words: list[str], state: State) -> str:
    medium = {"type": value(words, "--type"), "path": value(words, "--medium"), "uuid": str(uuid.uuid4())}
    _changeable(words[1], state)["media"][value(words, "--port")] = medium
    return ""


def sharedfolder(words: list[str], state: State) -> str:
    machine, name = _changeable(words[2], state), value(words, "--name")
    if name in machine["shares"]:
        raise failure(f"Shared folder named '{name}' already exists", "VBOX_E_OBJECT_IN_USE", "session")
    machine["shares"][name] = value(words, "--hostpath")
    return ""


def setextradata(words: list[str], state: State) -> str:
    found(state, words[1])["extradata"][words[2]] = "".join(words[3:4])
    return ""


def getextradata(words: list[str], state: State) -> str:
    held = found(state, words[1])["extradata"].get(words[2])
    return f"Value: {held}\n" if held else "No value set!\n"


def guestproperty(words: list[str], state: State) -> str:
    """`guestproperty set|get NAME KEY [VALUE]`."""
    action, name, key = words[1:4]
    held = found(state, name)["guestproperties"]
    if action == "set":
        held[key] = words[4]
        return ""
    return f"Value: {held[key]}\n" if key in held else "No value set!\n"


def _changeable(name: str, state: State) -> dict[str, Any]:
    machine = found(state, name)
    if machine.get("locked") or machine["state"] in ("running", "paused", "gurumeditation"):
        raise locked(name)
    return machine
