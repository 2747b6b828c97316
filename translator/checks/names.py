"""Checks names and labels: each is legal, and no name occurs twice."""

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
    """Every name is legal for its kind, and none occurs twice."""
    seen: set[tuple[str, str | None, str]] = set()
    for manifest in manifests:
        legal = SERVICE if manifest.kind == "Service" else LABEL
        if not legal.fullmatch(manifest.name) or len(manifest.name) > _LIMITS.get(manifest.kind, LIMIT):
            yield manifest, "check-name", "not a valid DNS label, or too long"
        if (manifest.kind, manifest.namespace, manifest.name) in seen:
            yield manifest, "check-duplicate", "another object of the same kind has the same name"
        seen.add((manifest.kind, manifest.namespace, manifest.name))
        if manifest.body["metadata"]["name"] != manifest.name or manifest.body["kind"] != manifest.kind:
            yield manifest, "check-head", "the kind or name in the body is different"


def check_labels(manifests: tuple[Manifest, ...]) -> Complaints:
    """Labels and annotation keys are legal."""
    legal: set[tuple[str, str]] = set()
    for manifest in manifests:
        heads = [manifest.body["metadata"]]
        if manifest.kind in WORKLOADS:
            heads.append(template_of(manifest)["metadata"])
        for head in heads:
            for key, value in head.get("labels", {}).items():
                if (key, value) in legal:
                    continue
                if is_qualified(key) and is_label_value(value):
                    legal.add((key, value))
                else:
                    yield manifest, "check-label", f"not a valid label: {key}={value}"
            for key in head.get("annotations", {}):
                if not is_qualified(key):
                    yield manifest, "check-annotation", f"not a valid annotation key: {key}"
