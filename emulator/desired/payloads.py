"""Secrets and configs: their content, read once, their names as in a swarm, and how services mount them.

Part of `stack.py`. All other code knows a payload by its digest: specs hold no content.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from stackferry.emulator.cluster.container import FileMount
from stackferry.emulator.desired.findings import Findings
from stackferry.emulator.desired.templating import FOLDERS
from stackferry.grammar.compose.model.attachments import FileReference
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.resources import Config, Secret
from stackferry.grammar.compose.model.terms import Owner
from stackferry.grammar.files import Files
from stackferry.grammar.key_path import Path
from stackferry.grammar.lazy_dataclass import dataclass

Stored = Callable[[str, str], bytes | None]
"""(secret or config, name) to the content stored by `stackferry secret|config create`; None if there is none."""

PAYLOAD_LIMITS = {"secret": 500 * 1024, "config": 1000 * 1024}
"""The largest sizes that a swarm accepts, in bytes (swarmkit manager/controlapi)."""


_SECTIONS = {"secret": "secrets", "config": "configs"}


@dataclass(frozen=True, slots=True)
class Payload:
    """One secret or config. `kind` is secret or config; `key` its key in the file, `name` as `secret ls` shows it.

    `digest` is the SHA-256 of its content.
    """

    kind: str
    key: str
    name: str
    digest: str
    labels: Mapping[str, str] = field(default_factory=dict)
    templated: bool = False
    external: bool = False


def payload_key(kind: str, name: str, digest: str) -> str:
    """The key of a content in the store. A task of an older version still finds its own content."""
    return f"{kind}/{name}/{digest}"


@dataclass(frozen=True, slots=True)
class Payloads:
    """All payloads of a stack. `by_key` maps (kind, key in the file), `contents` (kind, name) to the bytes."""

    by_key: Mapping[tuple[str, str], Payload]
    contents: Mapping[tuple[str, str], bytes] = field(repr=False)


def read_payloads(
    project: Project, files: Files, stored: Stored, findings: Findings, *, unused: bool = False
) -> Payloads:
    """Every secret and config that an enabled service mounts or builds with; with `unused`, also the stack's others."""
    by_key: dict[tuple[str, str], Payload] = {}
    contents: dict[tuple[str, str], bytes] = {}
    for kind, key, entry in _wanted(project, unused=unused):
        path: Path = (_SECTIONS[kind], key)
        name = entry.name or f"{project.name}_{key}"
        content = _content(kind, name, entry, path, project, files, stored, findings)
        if content is None:
            continue
        if findings.strict and len(content) > PAYLOAD_LIMITS[kind]:
            findings.refuse(path, f"{kind}-too-large", f"{kind} data must be at most {PAYLOAD_LIMITS[kind]} bytes")
        templated = entry.template_driver == "golang"
        digest = hashlib.sha256(content).hexdigest()
        by_key[kind, key] = Payload(kind, key, name, digest, dict(entry.labels), templated, entry.external)
        contents[kind, name] = content
        _check_drivers(entry, path, findings)
    return Payloads(by_key, contents)


def _wanted(project: Project, *, unused: bool) -> Iterator[tuple[str, str, Config | Secret]]:
    services = project.services.values()
    secrets = {one.source for service in services for one in service.secrets}
    secrets |= {one.source for service in services if service.build for one in service.build.secrets}
    configs = {one.source for service in services for one in service.configs}
    for kind, entries, used in (("secret", project.secrets, secrets), ("config", project.configs, configs)):
        for key, entry in entries.items():
            # As in docker, an external payload that nobody uses is not looked up.
            if key in used or (unused and not entry.external):
                yield kind, key, entry


def _check_drivers(entry: Config | Secret, path: Path, findings: Findings) -> None:
    if entry.template_driver not in (None, "", "golang"):
        findings.refuse(
            (*path, "template_driver"),
            "template-driver",
            f"unknown template driver {entry.template_driver!r}",
            "use golang, the only one",
        )


def _content(
    kind: str,
    name: str,
    entry: Config | Secret,
    path: Path,
    project: Project,
    files: Files,
    stored: Stored,
    findings: Findings,
) -> bytes | None:
    if entry.external:
        content = stored(kind, name)
        if content is None:
            hint = f"create it first: stackferry {kind} create {name} FILE"
            findings.refuse(path, f"{kind}-not-found", f"{kind} not found: {name}", hint)
        return content
    if isinstance(entry, Secret) and entry.driver:
        findings.refuse(
            (*path, "driver"), "secret-driver", f"secret driver {entry.driver!r} is not supported", "use file"
        )
        return None
    if isinstance(entry, Config) and entry.content is not None:
        return entry.content.encode()
    if entry.environment:
        value = project.environment.get(entry.environment)
        if value is None:
            hint = f"set {entry.environment} in the environment or in .env"
            findings.refuse((*path, "environment"), f"{kind}-variable", f"{entry.environment} is not set", hint)
            return None
        return value.encode()
    if entry.file:
        try:
            return files.read(entry.file)
        except OSError as error:
            message = f"cannot read {entry.file}: {error.strerror or error}"
            findings.refuse((*path, "file"), f"{kind}-unreadable", message, "create the file, or correct the path")
            return None
    findings.refuse(path, f"{kind}-without-source", f"the {kind} has no content", "give it a file, or external: true")
    return None


def file_mounts(service: Service, payloads: Payloads, findings: Findings) -> tuple[FileMount, ...]:
    """The secrets and configs of a service as files in its containers."""
    return (
        *_mounts(service, "secret", service.secrets, payloads, findings),
        *_mounts(service, "config", service.configs, payloads, findings),
    )


def _mounts(
    service: Service, kind: str, references: tuple[FileReference, ...], payloads: Payloads, findings: Findings
) -> Iterator[FileMount]:
    for index, reference in enumerate(references):
        payload = payloads.by_key.get((kind, reference.source))
        if payload is None:
            continue
        path: Path = ("services", service.name, _SECTIONS[kind], index)
        target = reference.target or reference.source
        yield FileMount(
            kind,
            payload.name,
            payload.digest,
            target if target.startswith("/") else FOLDERS[kind] + target,
            uid=_number(reference.uid, (*path, "uid"), findings),
            gid=_number(reference.gid, (*path, "gid"), findings),
            mode=0o444 if reference.mode is None else int(reference.mode),
            templated=payload.templated,
        )


def _number(owner: Owner | None, path: Path, findings: Findings) -> int:
    """Like swarm, take numbers only: names would have to be looked up inside the image."""
    if owner and owner.number is None:
        findings.refuse(path, "file-owner", f"{owner!r} is not a number", "write the numeric id")
    return (owner.number if owner else None) or 0
