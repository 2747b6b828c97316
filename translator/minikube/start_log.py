"""What minikube's log of its last start has of the machine's own words, which its messages leave out. Pure."""

import re

FILE = "logs/lastStart.txt"
"""In minikube's folder; each start writes it anew."""
_ERROR = re.compile(r"VBoxManage: error: (?!Details:|Context:|Could not find a registered machine)(.+)")
"""Minikube asks for a machine before it makes it: that there is none is no cause."""
_MOST = 3


def errors(text: str, known: str) -> tuple[str, ...]:
    """The last errors of the program that manages the machine, each once, without those that are `known` already."""
    found = dict.fromkeys(match[1].strip() for match in _ERROR.finditer(text))
    return tuple(one for one in found if one not in known)[-_MOST:]
