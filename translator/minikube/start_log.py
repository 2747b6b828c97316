"""The machine's own errors in minikube's log of its last start, which minikube's messages leave out. Pure."""

from stackferry.grammar.regex import regex

FILE = "logs/lastStart.txt"
"""In minikube's folder; each start overwrites it."""
_ERROR = regex(r"VBoxManage: error: (?!Details:|Context:|Could not find a registered machine)(.+)")
"""Minikube looks the machine up before it creates it: this error is not a cause."""
_MOST = 3
_UNLOGGED = {
    # The program gets the disk through a pipe, and its own messages are in no log.
    "write |1: broken pipe": "`VBoxManage convertfromraw` could not write the machine's disk: check the free space",
}


def errors(text: str, known: str) -> tuple[str, ...]:
    """The last errors of the program that manages the machine, each once, without those already `known`.

    A message of minikube may stand for an error that it does not log.
    """
    found = dict.fromkeys(match[1].strip() for match in _ERROR.finditer(text))
    found |= dict.fromkeys(meaning for words, meaning in _UNLOGGED.items() if words in known)
    return tuple(one for one in found if one not in known)[-_MOST:]
