"""Parses swarm's templates: splits a text of the compose file into parts.

A field can only be left to the pod if its value goes into the text unchanged (`web-{{.Task.Slot}}`). A template that
computes with it (`{{if eq .Task.Slot "1"}}`) cannot be split. Loaded only for stacks with braces in their texts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.gotemplate import TemplateError, parse
from stackferry.grammar.gotemplate.tree import Block, Nested, Node, Output, Pipeline, Text, Variable
from stackferry.grammar.gotemplate.tree import Field as Name
from stackferry.grammar.regex import regex
from stackferry.grammar.swarm_template import expand
from stackferry.translator.templates.template import OF_SWARM, Field, Template

_MARK = regex("\ue000([A-Z]+)\ue001")
_ARCHITECTURES = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "aarch64", "aarch64": "aarch64"}
"""Swarm's names of the fields."""


def read(text: str, service: Service, project: str) -> Template | None:
    """The parts of a template in a value of `service`; None if it cannot be split.

    Raises TemplateError if a swarm could not fill it in either.
    """
    data = _data(service, project)
    filled = expand(text, data)
    nodes = parse(text)
    if _computes(nodes) or "\ue000" in text:
        return None
    pieces = _MARK.split(filled)
    parts = [Field(piece) if index % 2 else piece for index, piece in enumerate(pieces)]
    return Template(tuple(part for part in parts if part != ""), any(_names(nodes, ("Service", "ID"))))


def _mark(field: Field) -> str:
    return f"\ue000{field.value}\ue001"


def _data(service: Service, project: str) -> Mapping[str, Any]:
    """The data that templates of the service's tasks see, with marks for fields. A swarm's name is `<stack>_<key>`."""
    name = f"{project}_{service.name}"
    labels = dict(service.deploy.labels) if service.deploy else {}
    labels |= {"com.docker.stack.image": service.image or "", "com.docker.stack.namespace": project}
    architecture = _ARCHITECTURES.get(service.platform.architecture if service.platform else "")
    platform = {"OS": "linux", "Architecture": architecture or _mark(Field.ARCHITECTURE)}
    slot, task, node = _mark(Field.SLOT), _mark(Field.TASK), _mark(Field.NODE)
    return {
        "Service": {"ID": name, "Name": name, "Labels": labels},
        "Node": {"ID": node, "Hostname": node, "Platform": platform},
        "Task": {"ID": task, "Name": f"{name}.{slot}.{task}", "Slot": slot},
    }


_OF_TASKS = ("Task", "Node")


def _computes(nodes: Sequence[Node]) -> bool:
    """Whether something besides plain fields depends on data that only a task knows."""
    for node in nodes:
        if isinstance(node, Text) or _plain(node) is not None:
            continue
        pipeline = node.pipeline
        if any(not names or names[0] in _OF_TASKS for names in _chains(pipeline)):
            return True
        if isinstance(node, Block) and (_computes(node.body) or _computes(node.otherwise)):
            return True
    return False


def _plain(node: Node) -> tuple[str, ...] | None:
    """The field that an action inserts unchanged."""
    if not isinstance(node, Output) or node.pipeline.variables or len(node.pipeline.commands) != 1:
        return None
    operands = node.pipeline.commands[0].operands
    return operands[0].names if len(operands) == 1 and isinstance(operands[0], Name) and operands[0].names else None


def _chains(pipeline: Pipeline) -> Iterator[tuple[str, ...]]:
    """All chains of field names in a pipeline; an empty chain stands for the whole data."""
    for command in pipeline.commands:
        for operand in command.operands:
            if isinstance(operand, Name | Variable):
                yield operand.names
            elif isinstance(operand, Nested):
                yield from _chains(operand.pipeline)


def _names(nodes: Sequence[Node], chain: tuple[str, ...]) -> Iterator[bool]:
    for node in nodes:
        if isinstance(node, Output | Block):
            yield chain in _chains(node.pipeline)
        if isinstance(node, Block):
            yield from _names((*node.body, *node.otherwise), chain)


def is_template(text: str, service: Service, project: str) -> bool:
    """Whether a swarm would change the text; text that a swarm cannot fill in is meant for the program."""
    if "{{" not in text:
        return False
    if OF_SWARM.search(text):
        return True
    try:
        return expand(text, _data(service, project)) != text
    except TemplateError:
        return False
