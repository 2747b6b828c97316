"""What later pods need to know of pods made before them: the names of Jobs, and pod templates.

A Job is immutable. So its name contains a hash of its content, and a change makes another Job, whose name its
dependents wait for. An object that names a Job can only be made after it.
"""

import json
from collections.abc import Iterable
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.escape import utf8
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.names import digest, hashed
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack
from stackferry.translator.workload import workload_name


@dataclass(slots=True)
class Finished:
    """Workloads made so far. `jobs` are the names of Jobs, `templates` the pod templates, both by service.

    `before` are the names of the Jobs that run before a service's pods do.
    """

    jobs: dict[str, str] = field(default_factory=dict)
    templates: dict[str, Body] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)

    def name(self, group: Group, kind: str, spec: Body, stack: Stack) -> str:
        """The name of the group's workload, which this call registers."""
        name = workload_name(group.owner, stack)
        for service in group.services:
            self.templates[service.name] = spec["template"]
        if kind == "Job":
            name = hashed(name, _content(spec))
            for service in group.services:
                self.jobs[service.name] = name
        return name

    def digest(self, services: Iterable[str]) -> str:
        """A digest that changes when a pod template of one of `services` does."""
        return digest(b"".join(_content(self.templates[name]) for name in services), 10)


def _content(body: Body) -> bytes:
    return utf8(json.dumps(body, sort_keys=True, ensure_ascii=False))
