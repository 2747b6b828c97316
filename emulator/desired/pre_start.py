"""The containers that run before a service starts (`pre_start`), each with what its service has and it does not say.

Part of `container.py`. The loader has put the service's keys into them but for its image, if that is built here, and
its mounts, which come with the task's own container (`agent/pre_start.py`).
"""

from dataclasses import fields

from stackferry.grammar.compose.model.container import Container, PreStart
from stackferry.grammar.compose.model.model import Service

_SHARED = tuple(one.name for one in fields(Container) if one.name not in ("name", "image"))


def services_before(service: Service, image: str) -> tuple[tuple[Service, PreStart], ...]:
    """Each container as a service that has what it has; `image` is the service's own."""
    return tuple(
        (Service(service.name, image=one.image or image, **{name: getattr(one, name) for name in _SHARED}), one)
        for one in service.pre_start
    )
