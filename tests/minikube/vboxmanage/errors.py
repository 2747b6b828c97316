"""VBoxManage's failures: lines on stderr, and 1. The words are VirtualBox 7.2's (`make virtualbox` compares them)."""

import os
from typing import Any

OBJECTS = {
    # what was called: (component, interface) in the line of details
    "virtualbox": ("VirtualBoxWrap", "IVirtualBox"),
    "machine": ("MachineWrap", "IMachine"),
    "session": ("SessionMachine", "IMachine"),
    "nat": ("NATEngineWrap", "INATEngine"),
    "host": ("HostWrap", "IHost"),
}
CODES = {
    "VBOX_E_OBJECT_NOT_FOUND": "0x80bb0001",
    "VBOX_E_INVALID_VM_STATE": "0x80bb0002",
    "VBOX_E_FILE_ERROR": "0x80bb0004",
    "VBOX_E_INVALID_OBJECT_STATE": "0x80bb0007",
    "VBOX_E_OBJECT_IN_USE": "0x80bb000c",
    "NS_ERROR_FAILURE": "0x80004005",
    "NS_ERROR_INVALID_ARG": "0x80070057",
    "E_ACCESSDENIED": "0x80070005",
}


class VBoxError(Exception):
    """A command fails: what it prints on stderr, and how it ends."""

    def __init__(self, *lines: str, code: int = 1) -> None:
        super().__init__("\n".join(lines))
        self.code = code


def failure(message: str, name: str, called: str, callee: bool = True, code: int = 1) -> VBoxError:
    """The error of an object of VirtualBox: its message, and the details after it."""
    component, interface = OBJECTS[called]
    details = f"code {name} ({CODES[name]}), component {component}, interface {interface}"
    return plain(message, f"Details: {details}{', callee nsISupports' if callee else ''}", code=code)


def plain(*lines: str, code: int = 1) -> VBoxError:
    """An error of VBoxManage itself."""
    return VBoxError(*(f"VBoxManage: error: {line}" for line in lines), code=code)


def no_machine(name: str) -> VBoxError:
    """A machine that is not registered. The last line, where in VirtualBox' source that is, is that of showvminfo."""
    said = failure(f"Could not find a registered machine named '{name}'", "VBOX_E_OBJECT_NOT_FOUND", "virtualbox")
    context = '"FindMachine(Bstr(VMNameOrUuid).raw(), machine.asOutParam())" at line 3248 of file VBoxManageInfo.cpp'
    return VBoxError(*said.args, f"VBoxManage: error: Context: {context}")


def locked(name: str) -> VBoxError:
    """What whoever wants to change a machine is told while it runs, or while another session holds it."""
    message = f"The machine '{name}' is already locked for a session (or being unlocked)"
    return failure(message, "VBOX_E_INVALID_OBJECT_STATE", "machine")


def injected(words: list[str], state: dict[str, Any]) -> VBoxError | None:
    """The failure that a test wants this call to have, by RIG_FAIL or by the state."""
    rules = [rule.split("=>", 1) for rule in os.environ.get("RIG_FAIL", "").split("|||") if rule]
    line = " ".join(words)
    for prefix, message in (*rules, *state["failures"].items()):
        if line.startswith(prefix):
            return VBoxError(message.replace("\\n", "\n"))
    return None
