"""Turns jobs and `pre_start` containers into services, for back ends that treat all containers alike.

They share most keys with services (`container.py`). Of the keys that only services have, they get only what
follows from running once.
"""

from dataclasses import fields

from stackferry.grammar.compose.model.container import Container, Workload
from stackferry.grammar.compose.model.job import Job
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.terms import Restart

_OF_JOBS = tuple(one.name for one in fields(Workload))
_OF_CONTAINERS = tuple(one.name for one in fields(Container) if one.name not in ("name", "image"))


def job_as_service(job: Job) -> Service:
    """A service that runs once, with the job's keys."""
    return Service(**{name: getattr(job, name) for name in _OF_JOBS}, restart=Restart("no"))


def pre_start_as_services(service: Service, image: str) -> tuple[Service, ...]:
    """Each `pre_start` container as a service with the same keys; `image` is the service's own image.

    The loader has copied the service's keys into it, except for its mounts, and for its image if that is built here.
    """
    return tuple(
        Service(service.name, image=one.image or image, **{name: getattr(one, name) for name in _OF_CONTAINERS})
        for one in service.pre_start
    )
