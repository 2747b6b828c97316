"""Fingerprints that identify the same finding in different runs, for services that show which findings are new.

Of the place, only the file counts: an inserted line must not make all findings below it new. Otherwise equal findings
differ by their number in the file, from the top.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha1

from stackferry.grammar.lint.finding import Finding
from stackferry.render.findings.clean import text


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """The fingerprint of each finding, 40 hexadecimal digits."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for finding in findings:
        key = (finding.path, finding.id, finding.message)
        told = "\0".join((*map(text, key), str(seen[key])))
        found.append(sha1(told.encode(), usedforsecurity=False).hexdigest())
        seen[key] += 1
    return found
