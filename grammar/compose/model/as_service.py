"""Jobs and containers before a start in the form of services, for back ends that treat all that runs alike.

Both have the keys that they share with services (`container.py`), and of those that only services have the one thing
that follows from what they are: they run once.
"""

from dataclasses import fields

from stackferry.grammar.compose.model.container import Container, Workload
from stackferry.grammar.compose.model.job import Job
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.terms import Restart

_OF_JOBS = tuple(one.name for one in fields(Workload))
_OF_CONTAINERS = tuple(one.name for one in fields(Container) if one.name not in ("name", "image"))


def job_as_service(job: Job) -> Service:
    """A service that runs once, and has what the job has."""
    return Service(**{name: getattr(job, name) for name in _OF_JOBS}, restart=Restart("no"))


def pre_start_as_services(service: Service, image: str) -> tuple[Service, ...]:
    """Each container of `pre_start` as a service that has what it has; `image` is the service's own.

    The loader has put the service's keys into them but for its image, if that is built here, and its mounts.
    """
    return tuple(
        Service(service.name, image=one.image or image, **{name: getattr(one, name) for name in _OF_CONTAINERS})
        for one in service.pre_start
    )
