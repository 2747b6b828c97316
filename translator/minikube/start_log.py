"""What minikube's log of its last start has of the machine's own words, which its messages leave out. Pure."""

from stackferry.grammar.regex import regex

FILE = "logs/lastStart.txt"
"""In minikube's folder; each start writes it anew."""
_ERROR = regex(r"VBoxManage: error: (?!Details:|Context:|Could not find a registered machine)(.+)")
"""Minikube asks for a machine before it makes it: that there is none is no cause."""
_MOST = 3
_UNLOGGED = {
    # It is fed the disk through a pipe, and its own words are in no log.
    "write |1: broken pipe": "`VBoxManage convertfromraw` could not write the machine's disk: check the free space",
}


def errors(text: str, known: str) -> tuple[str, ...]:
    """The last errors of the program that manages the machine, each once, without those that are `known` already.

    What minikube has said may stand for an error that it does not log.
    """
    found = dict.fromkeys(match[1].strip() for match in _ERROR.finditer(text))
    found |= dict.fromkeys(meaning for words, meaning in _UNLOGGED.items() if words in known)
    return tuple(one for one in found if one not in known)[-_MOST:]
