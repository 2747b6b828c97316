"""Names and labels: legal, and no name twice."""

from stackferry.translator.checks.complaint import WORKLOADS, Complaints, template_of
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.manifest.names import (
    CRON_JOB_LIMIT,
    LABEL,
    LIMIT,
    SERVICE,
    is_label_value,
    is_qualified,
)

_LIMITS = {"CronJob": CRON_JOB_LIMIT}


def check_names(manifests: tuple[Manifest, ...]) -> Complaints:
    """Every name legal for its kind, none twice."""
    seen: set[tuple[str, str | None, str]] = set()
    for one in manifests:
        legal = SERVICE if one.kind == "Service" else LABEL
        if not legal.fullmatch(one.name) or len(one.name) > _LIMITS.get(one.kind, LIMIT):
            yield one, "check-name", "not a legal DNS label, or too long"
        if (one.kind, one.namespace, one.name) in seen:
            yield one, "check-duplicate", "another object of that kind has the name"
        seen.add((one.kind, one.namespace, one.name))
        if one.body["metadata"]["name"] != one.name or one.body["kind"] != one.kind:
            yield one, "check-head", "the body says something else about itself"


def check_labels(manifests: tuple[Manifest, ...]) -> Complaints:
    """Labels and annotation keys legal."""
    legal: set[tuple[str, str]] = set()
    for one in manifests:
        heads = [one.body["metadata"]]
        if one.kind in WORKLOADS:
            heads.append(template_of(one)["metadata"])
        for head in heads:
            for key, value in head.get("labels", {}).items():
                if (key, value) in legal:
                    continue
                if is_qualified(key) and is_label_value(value):
                    legal.add((key, value))
                else:
                    yield one, "check-label", f"not a legal label: {key}={value}"
            for key in head.get("annotations", {}):
                if not is_qualified(key):
                    yield one, "check-annotation", f"not a legal annotation key: {key}"
