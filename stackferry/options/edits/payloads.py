"""`--secret` and `--config` of services: adds a file with a stored payload's content, or removes one by name."""

import hashlib

from stackferry.emulator.cluster.container import FileMount
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.options.edits.edit import Add, PayloadLookup, Remove, container, with_container
from stackferry.options.edits.fields import pairs


def files(kind: str, folder: str) -> tuple[Add, Remove]:
    """The edits for a kind; `folder` is the folder of a target without a slash."""

    def add(spec: ServiceSpec, text: str, payloads: PayloadLookup) -> ServiceSpec:
        given = pairs(text) if "=" in text else {"source": text}
        found = payloads.holdings.find(kind, given.get("source") or given.get("src") or "")
        content = payloads.holdings.content(found) or b""
        digest = hashlib.sha256(content).hexdigest()
        payloads.taken[f"{kind}/{found.name}/{digest}"] = content
        target = given.get("target") or given.get("dst") or found.name
        new = FileMount(
            kind,
            found.name,
            digest,
            target if target.startswith("/") else folder + target,
            int(given.get("uid", "0")),
            int(given.get("gid", "0")),
            int(given.get("mode", "0444"), 8),
            templated=found.template == "golang",
        )
        kept = (old for old in container(spec).files if old.target != new.target)
        return with_container(spec, files=(*kept, new))

    def remove(spec: ServiceSpec, name: str) -> ServiceSpec:
        return with_container(
            spec, files=tuple(one for one in container(spec).files if (one.kind, one.key) != (kind, name))
        )

    return add, remove
