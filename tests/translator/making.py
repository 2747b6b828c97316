"""Helpers of the translator's tests: small projects, their translation, and the published schemas."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args, get_type_hints

import importlib_resources
import jsonschema
from referencing import Registry, Resource

from stackferry.grammar.compose.model.job import Job, Schedule, Triggers
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.terms import TERMS
from stackferry.grammar.files import Files, Memory
from stackferry.translator import Manifest, Note, Options, Translation, check, translate

HERE = "/home/me/shop"
SCHEMAS = "kubernetes-json-schema"
GATEWAY_API = Path(__file__).parent / "gateway_api"


def project(*services: Service, **rest: Any) -> Project:
    """A project called `shop` in `HERE`."""
    return Project(name="shop", directory=HERE, services={one.name: one for one in services}, **rest)


def service(name: str = "web", **keys: Any) -> Service:
    """A service with an image unless told otherwise; texts become the model's terms."""
    said = {"image": "nginx:1", **keys}
    for key, term in _TERMS.items():
        if said.get(key) is not None:
            said[key] = tuple(map(term, said[key])) if isinstance(said[key], tuple) else term(said[key])
    return Service(name=name, **said)


def compose_job(name: str = "nightly", *schedule: Schedule, manual: bool | None = None, **keys: Any) -> Job:
    """A job with an image unless told otherwise, that runs by `schedule`."""
    return Job(name=name, **{"image": "backup:1", **keys}, triggers=Triggers(manual, schedule))


_TERMS = {key: term for key, hint in get_type_hints(Service).items() for term in get_args(hint) if term in TERMS}


def translated(
    *services: Service,
    files: Files | Mapping[str, bytes | str] | None = None,
    options: Options | None = None,
    **rest: Any,
) -> Translation:
    """The translation of a project of `services`; whatever comes out must be valid."""
    held = Memory(files or {}, HERE) if files is None or isinstance(files, Mapping) else files
    found = translate(project(*services, **rest), held, options)
    assert list(complaints(found)) == []
    return found


def complaints(translation: Translation, minor: int = 34) -> Iterator[str]:
    """What the published schemas of Kubernetes 1.`minor` (strict) or our own check say against it."""
    for manifest in translation.objects:
        for error in _validator(manifest.kind, manifest.body["apiVersion"], minor).iter_errors(manifest.body):
            yield f"{manifest.id} {'.'.join(map(str, error.path))}: {error.message[:300]}"
    yield from map(str, check(translation.objects, translation.existing))


def published() -> list[int]:
    """The minor versions of 1.x of which there are strict schemas."""
    names = (one.name for one in (importlib_resources.files("kubernetes_validate") / SCHEMAS).iterdir())
    return sorted({int(name.split(".")[1]) for name in names if name.endswith("-strict")})


@cache
def _validator(kind: str, api_version: str, minor: int) -> jsonschema.Draft202012Validator:
    """What `kubernetes_validate.validate(…, "1.34", strict=True)` builds anew for every object."""
    if api_version.startswith("gateway."):
        return jsonschema.Draft202012Validator(json.loads((GATEWAY_API / f"{kind.lower()}.json").read_text()))
    version = _version(minor)
    group, _, number = api_version.rpartition("/")
    name = f"{'-'.join(filter(None, (kind.lower(), group.partition('.')[0], number)))}.json"
    schema = json.loads((version / name).read_text())
    registry = Resource.from_contents(schema) @ _definitions(minor)
    return jsonschema.Draft202012Validator(schema, registry=registry)


def _version(minor: int) -> Traversable:
    folder = importlib_resources.files("kubernetes_validate") / SCHEMAS
    return next(one for one in folder.iterdir() if one.name.startswith(f"v1.{minor}.") and one.name.endswith("-strict"))


@cache
def _definitions(minor: int) -> Registry[Any]:
    """What the schemas of all kinds refer to."""
    definitions = json.loads((_version(minor) / "_definitions.json").read_text())
    return Resource.from_contents(definitions) @ Registry()


def body_of(translation: Translation, identifier: str) -> dict[str, Any]:
    """The body of the object called `Kind/name`."""
    return translation.index[identifier].body


def pod(translation: Translation, identifier: str = "Deployment/web") -> dict[str, Any]:
    """The pod's spec of a workload."""
    spec: dict[str, Any] = body_of(translation, identifier)["spec"]["template"]["spec"]
    return spec


def container(translation: Translation, identifier: str = "Deployment/web") -> dict[str, Any]:
    """The container of a workload."""
    first: dict[str, Any] = pod(translation, identifier)["containers"][0]
    return first


def job(translation: Translation, service: str) -> dict[str, Any]:
    """The body of the Job that runs a service; its name depends on its content."""
    identifier = translation.made["workload", service]
    assert identifier.startswith("Job/")
    return body_of(translation, identifier)


def ids(objects: Iterable[Manifest]) -> list[str]:
    """`Kind/name` of each, in order."""
    return [each.id for each in objects]


def codes(translation: Translation) -> list[str]:
    """Codes of all notes that are worse than exact, without the prefix that all have."""
    return [note.code.removeprefix("kubernetes-") for note in translation.notes if not note.kind.faithful]


def note(translation: Translation, code: str) -> Note:
    """The one note with that code."""
    (found,) = [each for each in translation.notes if each.code == f"kubernetes-{code}"]
    return found
