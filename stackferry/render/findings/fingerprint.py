"""What makes two findings of different runs the same one, for services that say which are new.

The place counts by its file alone: a line that comes in above must not make all below it new. Findings that agree in
everything else are told apart by their number, from the top.
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
