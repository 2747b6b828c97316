"""Top-level configs and secrets: the object that holds each. `file_mounts.py` mounts them."""

from collections.abc import Callable, Mapping

from stackferry.grammar.compose.model.resources import Config, Secret
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.escape import utf8
from stackferry.translator.manifest.labels import annotations
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.manifest.names import data_key, dns_label, existing_name
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.claim_notes import shown_from
from stackferry.translator.volumes.configmap import CONFIGMAP_LIMIT, note_large, to_configmap, to_secret
from stackferry.translator.volumes.filling.copy_commands import copy_file
from stackferry.translator.volumes.persistent_volume_claim import to_claim
from stackferry.translator.workload import resource


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
class Kept:
    """The object of a top-level config or secret: its name, the key in it, the object itself if it is ours.

    `existing` is the object as `Kind/name` if it must exist already. `claim`: it is a claim with a file of that name.
    """

    name: str
    key: str
    made: Manifest | None
    existing: str | None = None
    claim: bool = False


def plan_files(section: Section, stack: Stack, notes: Notes) -> dict[str, Kept]:
    """The object behind every top-level entry of the section, by its key."""
    entries: Mapping[str, Config | Secret] = stack.project.configs if section is CONFIGS else stack.project.secrets
    return {key: _kept(key, entry, section, stack, notes) for key, entry in entries.items()}


def _kept(key: str, entry: Config | Secret, section: Section, stack: Stack, notes: Notes) -> Kept:
    path = (section.key, key)
    content, missing = _content(entry, stack)
    written = [part for part in ("external", "file", "environment", "content") if getattr(entry, part, None)]
    where = (*path, *written[:1])
    if content is not None and len(content) <= CONFIGMAP_LIMIT:
        extra = annotations(entry.labels, (*path, "labels"), notes)
        made = section.make(key, {data_key(key): content}, stack, extra)
        note_large(made, path, notes)
        return Kept(made.name, data_key(key), made)
    if content is not None:
        return _large(key, entry, section, where, stack, notes)
    name = existing_name(entry.name or key) if entry.external else dns_label(key)
    name_key = data_key(entry.name or key) if entry.external else data_key(key)
    notes.action(
        where,
        f"kubernetes-external-{section.key[:-1]}",
        f"the {section.kind} {name} with the key {name_key} must exist beforehand"
        + ("" if entry.external else f": {missing}"),
        f"kubectl create {section.create} {name}{stack.options.in_namespace} --from-file={name_key}=<file>",
    )
    return Kept(name, name_key, None, f"{section.kind}/{name}")


def _large(key: str, entry: Config | Secret, section: Section, path: Path, stack: Stack, notes: Notes) -> Kept:
    """A file too large for a ConfigMap or Secret is put into a claim by hand: the pods that mount it wait for it."""
    name = stack.naming.large_files[section.key, key]
    made = to_claim(name, entry.labels, (section.key, key, "labels"), stack, notes)
    users = [
        service
        for service in stack.project.services.values()
        for reference in (service.configs if section is CONFIGS else service.secrets)
        if reference.source == key
    ]
    workload = resource(stack.owner(users[0]), stack) if users else "deploy/<name>"
    shown = shown_from(entry.file, stack.project.directory) if entry.file else f"<a file with the content of {key}>"
    notes.action(
        path,
        f"kubernetes-large-{section.key[:-1]}",
        f"it is larger than 1 MiB, the limit of a {section.kind}; the claim {name} is used instead,"
        " and the pods that mount it wait until the file exists",
        copy_file(shown, data_key(key), name, workload, None, stack.options),
    )
    return Kept(name, data_key(key), made, claim=True)


def _content(entry: Config | Secret, stack: Stack) -> tuple[bytes | None, str]:
    """The bytes of the entry, or None and the reason."""
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
        return stack.host.content(entry.file), "its file cannot be read"
    return None, "it has no content"
