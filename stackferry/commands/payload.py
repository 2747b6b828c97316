"""`stackferry secret …` and `stackferry config …` as docker has them: payloads for all stacks, and those of stacks."""

import sys
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Filter, Format, InspectFormat, Pretty, Quiet
from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.store.user_payloads import StoredObject

Names = Annotated[list[str], Argument(metavar="NAME...")]
Name = Annotated[str, Argument(metavar="NAME")]
Content = Annotated[str, Argument(metavar="[FILE|-]", help="File to read; - reads standard input.")]
Labels = Annotated[list[str] | None, Option("-l", "--label", metavar="KEY=VALUE", help="Add a label.")]
Template = Annotated[
    str, Option("--template-driver", metavar="NAME", help="Template driver; golang expands the content for each task.")
]


@verb
def secret_create(
    session: Session, name: Name, source: Content = "-", label: Labels = None, template_driver: Template = ""
) -> int:
    """Create a secret from a file or standard input."""
    return _create(session, "secret", name, source, label, template_driver)


@verb
def config_create(
    session: Session, name: Name, source: Content = "-", label: Labels = None, template_driver: Template = ""
) -> int:
    """Create a config from a file or standard input."""
    return _create(session, "config", name, source, label, template_driver)


@verb
def secret_ls(session: Session, filter_: Filter = None, form: Format = None, quiet: Quiet = False) -> int:
    """List secrets."""
    return _list(session, "secret", filter_, form, quiet=quiet)


@verb
def config_ls(session: Session, filter_: Filter = None, form: Format = None, quiet: Quiet = False) -> int:
    """List configs."""
    return _list(session, "config", filter_, form, quiet=quiet)


@verb
def secret_inspect(session: Session, names: Names, form: InspectFormat = None, pretty: Pretty = False) -> int:
    """Print everything about secrets, but what they hold."""
    return _inspect(session, "secret", names, form, pretty=pretty)


@verb
def config_inspect(session: Session, names: Names, form: InspectFormat = None, pretty: Pretty = False) -> int:
    """Print everything about configs."""
    return _inspect(session, "config", names, form, pretty=pretty)


@verb
def secret_rm(session: Session, names: Names) -> int:
    """Remove secrets that no service uses."""
    return _remove(session, "secret", names)


@verb
def config_rm(session: Session, names: Names) -> int:
    """Remove configs that no service uses."""
    return _remove(session, "config", names)


def _create(session: Session, kind: str, name: str, file: str, labels: list[str] | None, template: str) -> int:
    from stackferry.deploy.payload_creation import NewPayload, create_payload

    pairs = (text.partition("=") for text in labels or ())
    print(create_payload(session, NewPayload(kind, name, file, {key: value for key, _, value in pairs}, template)))
    return 0


def _list(session: Session, kind: str, filters: list[str] | None, form: str | None, *, quiet: bool) -> int:
    import time

    from stackferry.lookup.payloads import StoredPayloads
    from stackferry.render.columns import natural
    from stackferry.render.durations import human
    from stackferry.render.filters import has_label, select
    from stackferry.render.format import Shape, label, listing

    headings = {"ID": "ID", "Name": "NAME", "CreatedAt": "CREATED", "UpdatedAt": "UPDATED", "Labels": "LABELS"}
    shown: tuple[str, ...] = ("ID", "Name", "CreatedAt", "UpdatedAt")
    if kind == "secret":
        headings["Driver"], shown = "DRIVER", ("ID", "Name", "Driver", "CreatedAt", "UpdatedAt")
    found = select(
        StoredPayloads(session).all(kind),
        filters,
        {
            "id": lambda one, value: one.id.startswith(value),
            "name": lambda one, value: one.name.startswith(value),
            "label": lambda one, value: has_label(one.labels, value),
        },
    )
    now = time.time()
    rows = [
        {
            "ID": one.id,
            "Name": one.name,
            **({"Driver": ""} if kind == "secret" else {}),
            "CreatedAt": f"{human(now - one.created_at)} ago",
            "UpdatedAt": f"{human(now - (one.updated_at or one.created_at))} ago",
            "Labels": ",".join(f"{key}={value}" for key, value in sorted(one.labels.items())),
            "Label": label(one.labels),
        }
        for one in sorted(found, key=lambda one: natural(one.name))
    ]
    sys.stdout.write(listing(Shape(headings, shown), rows, form, quiet=quiet))
    return 0


def _inspect(session: Session, kind: str, names: list[str], form: str | None, *, pretty: bool) -> int:
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.payloads import StoredPayloads
    from stackferry.render.durations import timestamp
    from stackferry.render.format import objects as objects_text
    from stackferry.render.pretty import payload_object, payload_text

    if form and pretty:
        raise WrongValueError("--format is incompatible with human friendly format", option="--pretty")
    held = StoredPayloads(session)
    found: list[tuple[StoredObject, bytes | None]] = []
    code = 0
    for name in names:
        try:
            stored = held.find(kind, name)
        except StackferryError as error:
            session.fail(error, str(error), error.hint)
            code = 1
        else:
            found.append((stored, held.content(stored) if kind == "config" else None))
    if pretty:
        sys.stdout.write("".join(payload_text(*one) for one in found))
    else:
        sys.stdout.write(objects_text([payload_object(one, content, timestamp) for one, content in found], form))
    return code


def _remove(session: Session, kind: str, names: list[str]) -> int:
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.payloads import StoredPayloads

    held, code = StoredPayloads(session), 0
    for name in names:
        try:
            held.remove(held.find(kind, name))
        except StackferryError as error:
            session.fail(error, str(error), error.hint)
            code = 1
        else:
            print(name)
    return code
