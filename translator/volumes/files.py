"""Configs and secrets of one service: each a file, mounted by `subPath` where compose puts it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stackferry.grammar.compose.model.attachments import FileReference
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.resources import Config, Secret
from stackferry.translator.manifest.escape import utf8
from stackferry.translator.manifest.labels import annotations
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.manifest.names import data_key, dns_label, existing_name
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.configmap import CONFIGMAP_LIMIT, note_large, to_configmap, to_secret
from stackferry.translator.volumes.mounts import Mounts

DEFAULT_MODE = 0o444


@dataclass(frozen=True, slots=True)
class Section:
    """What differs between `configs` and `secrets`."""

    key: str
    kind: str
    folder: str
    volume: str
    name_field: str
    make: Callable[[str, Mapping[str, bytes], Stack, Mapping[str, str] | None], Manifest]
    create: str


CONFIGS = Section("configs", "ConfigMap", "/", "configMap", "name", to_configmap, "configmap")
SECRETS = Section("secrets", "Secret", "/run/secrets/", "secret", "secretName", to_secret, "secret generic")


@dataclass(frozen=True, slots=True)
class Held:
    """The object that holds a top-level config or secret: its name, the key, the object if it is ours.

    `existing` is the object as `Kind/name` if it must exist before.
    """

    name: str
    key: str
    made: Manifest | None
    existing: str | None = None


def plan_files(section: Section, stack: Stack, notes: Notes) -> dict[str, Held]:
    """The object behind every top-level entry of the section, by its key."""
    entries: Mapping[str, Config | Secret] = stack.project.configs if section is CONFIGS else stack.project.secrets
    return {key: _held(key, entry, section, stack, notes) for key, entry in entries.items()}


def _held(key: str, entry: Config | Secret, section: Section, stack: Stack, notes: Notes) -> Held:
    path = (section.key, key)
    content, missing = _content(entry, stack)
    if content is not None and len(content) <= CONFIGMAP_LIMIT:
        extra = annotations(entry.labels, (*path, "labels"), notes)
        made = section.make(key, {data_key(key): content}, stack, extra)
        note_large(made, path, notes)
        return Held(made.name, data_key(key), made)
    name = existing_name(entry.name or key) if entry.external else dns_label(key)
    name_key = data_key(entry.name or key) if entry.external else data_key(key)
    namespace = f" -n {stack.options.namespace}" if stack.options.namespace else ""
    written = [part for part in ("external", "file", "environment", "content") if getattr(entry, part, None)]
    if content is not None:
        notes.action(
            (*path, *written[:1]),
            f"kubernetes-large-{section.key[:-1]}",
            f"it is larger than the 1 MiB that a {section.kind} holds; the pods that mount it wait for ever",
            "mount the file with volumes instead: it then goes into a claim",
        )
        return Held(name, name_key, None, f"{section.kind}/{name}")
    notes.action(
        (*path, *written[:1]),
        f"kubernetes-external-{section.key[:-1]}",
        f"the {section.kind} {name} with the key {name_key} must exist before"
        + ("" if entry.external else f": {missing}"),
        f"kubectl create {section.create} {name}{namespace} --from-file={name_key}=<file>",
    )
    return Held(name, name_key, None, f"{section.kind}/{name}")


def _content(entry: Config | Secret, stack: Stack) -> tuple[bytes | None, str]:
    """The bytes of the entry, or None and why."""
    if entry.external:
        return None, "external"
    if isinstance(entry, Config) and entry.content is not None:
        return utf8(entry.content), ""
    if entry.environment is not None:
        value = stack.project.environment.get(entry.environment)
        return (
            (value.encode("utf-8", "surrogateescape"), "")
            if value is not None
            else (
                None,
                f"the variable {entry.environment} is not set",
            )
        )
    if entry.file is not None:
        return stack.host.content(entry.file), "its file cannot be read here"
    return None, "it has no content here"


def mount_files(section: Section, service: Service, held: Mapping[str, Held], mounts: Mounts, notes: Notes) -> None:
    """Mount the service's configs or secrets."""
    references: tuple[FileReference, ...] = service.configs if section is CONFIGS else service.secrets
    for index, reference in enumerate(references):
        path: Path = ("services", service.name, section.key, index)
        known = held.get(reference.source)
        if known is None:
            continue
        target = reference.target or reference.source
        if not target.startswith("/"):
            target = section.folder + target
        body: Body = {section.name_field: known.name, "defaultMode": _mode(reference)}
        _note_owner(reference, path, notes)
        mounts.add(
            f"{section.key[:-1]}-{reference.source}",
            {section.volume: body},
            target,
            path,
            notes,
            read_only=True,
            sub_path=known.key,
        )


def _mode(reference: FileReference) -> int:
    """Kubernetes takes permission bits only; a container could not use setuid of its own file anyway."""
    return DEFAULT_MODE if reference.mode is None else int(reference.mode) & 0o777


def _note_owner(reference: FileReference, path: Path, notes: Notes) -> None:
    """Kubernetes sets no owner for one file: it is root's, which matters if only its owner may read it."""
    mode = _mode(reference)
    for key, value in (("uid", reference.uid), ("gid", reference.gid)):
        if value in (None, "0"):
            continue
        if mode & 0o004:
            notes.approximated((*path, key), "kubernetes-file-owner", "the file belongs to root; everybody may read it")
        else:
            notes.action(
                (*path, key),
                "kubernetes-file-owner",
                f"the file belongs to root, and its mode 0{mode:o} lets nobody else read it",
                "set mode: 0444, or run the service as root",
            )
