"""GitLab's code quality report: a list of Code Climate's issues, each with a fingerprint."""

import json

from stackferry.render.findings.codeclimate import issue
from stackferry.render.findings.fingerprint import fingerprints
from stackferry.render.findings.results import Results


def render(results: Results) -> str:
    """The list, on one line."""
    found = [
        {**issue(finding), "fingerprint": fingerprint}
        for finding, fingerprint in zip(results.findings, fingerprints(results.findings), strict=True)
    ]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"
