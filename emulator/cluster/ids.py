"""Ids of tasks, services and nodes: 25 characters in base 36, like swarm's."""

from hashlib import sha256
from random import Random

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_id(chance: Random) -> str:
    """25 characters in base 36, like swarm's ids (swarmkit identity/randomid.go)."""
    return "".join(chance.choices(ALPHABET, k=25))


def id_of(text: str) -> str:
    """A deterministic id for a text."""
    number = int.from_bytes(sha256(text.encode()).digest())
    letters = []
    for _ in range(25):
        number, rest = divmod(number, 36)
        letters.append(ALPHABET[rest])
    return "".join(letters)
