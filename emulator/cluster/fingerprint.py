"""A short name for a value: equal values have equal ones. On containers it tells which spec they were made from."""

import json
from hashlib import sha256

from stackferry.emulator.cluster.serialize import encode


def fingerprint(value: object) -> str:
    """Twelve hexadecimal digits over the value's record."""
    text = json.dumps(encode(value), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:12]
