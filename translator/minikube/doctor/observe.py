"""Collects the facts: queries VBoxManage, minikube and others concurrently, and reads the kernel's files.

Starts, creates and changes nothing. A query that hangs or fails costs only its own facts.
"""

from collections.abc import Mapping, Sequence

from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.ask.gather import PATIENCE, Later
from stackferry.translator.minikube.doctor.ask.host import HostQuestions
from stackferry.translator.minikube.doctor.ask.minikube import MinikubeQuestions
from stackferry.translator.minikube.doctor.ask.node import NodeQuestion
from stackferry.translator.minikube.doctor.ask.virtualbox import VirtualBoxQuestions
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.wanted import wanted
from stackferry.translator.minikube.programs import Programs


def observe(
    programs: Programs,
    environment: Mapping[str, str],
    cluster: str,
    flags: Sequence[str],
    computer: Computer,
) -> Facts:
    """The facts for a cluster (minikube's profile) and the flags that its start would get."""
    asked = wanted(flags, environment)
    minikube = MinikubeQuestions(programs, environment, cluster)
    virtualbox = VirtualBoxQuestions(programs, cluster)
    # The query to the node begins by waiting for some of the others.
    node = Later("the node", NodeQuestion(programs, computer, cluster, minikube, virtualbox), 3 * PATIENCE)
    is_fetched = minikube.has_disc or minikube.has_folder
    host = HostQuestions(programs, environment, computer, asked, is_fetched=is_fetched)
    return Facts(
        cluster,
        wanted=asked,
        host=host.facts(minikube.home),
        virtualbox=virtualbox.facts(),
        minikube=minikube.facts(),
        node=node.get(),
    )
