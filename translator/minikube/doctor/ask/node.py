"""Queries the node of a cluster, if it runs: no query hangs as long as one to a machine that does not."""

import shlex
from dataclasses import replace

from stackferry.translator.minikube.doctor.ask.computer import Computer
from stackferry.translator.minikube.doctor.ask.gather import PATIENCE
from stackferry.translator.minikube.doctor.ask.minikube import PROGRAM, MinikubeQuestions
from stackferry.translator.minikube.doctor.ask.virtualbox import VirtualBoxQuestions
from stackferry.translator.minikube.doctor.facts import minikube as minikube_facts
from stackferry.translator.minikube.doctor.facts.minikube import QUESTION, Config, Node
from stackferry.translator.minikube.doctor.facts.unknown import Unknown, known
from stackferry.translator.minikube.drivers import Driver, driver
from stackferry.translator.minikube.profile import Profile
from stackferry.translator.minikube.programs import Programs

_NONE = "v0.0.0"
"""The version that minikube records for a cluster without Kubernetes."""
_CONNECTION = 1.0
"""Seconds that a connection to the node may take."""


class NodeQuestion:
    """The query with its inputs; whoever waits for the answer calls it."""

    def __init__(
        self,
        programs: Programs,
        computer: Computer,
        cluster: str,
        minikube: MinikubeQuestions,
        virtualbox: VirtualBoxQuestions,
    ) -> None:
        self._programs, self._computer, self._cluster = programs, computer, cluster
        self._minikube, self._virtualbox = minikube, virtualbox

    def __call__(self) -> Node | None:
        """None if no node runs. Raises NotTriedError, ProgramError or ValueError if it cannot be queried."""
        profile = next((one for one in known(self._minikube.profiles.get()) if one.name == self._cluster), None)
        if profile is None:
            return None
        kind = driver(profile.driver)
        if not self._runs(kind):
            return None
        share = kind.share(self._computer.system)
        found = self._asked(share.node if share else "")
        return self._with_connection(found, profile, kind)

    def _runs(self, kind: Driver) -> bool:
        if kind.is_virtualbox:
            machine = known(self._virtualbox.machine.get())
            return machine is not None and machine.state == "running"
        status = known(self._minikube.status.get())
        return status is not None and status.machine == "Running"

    def _asked(self, share: str) -> Node:
        question = QUESTION.format(share=shlex.quote(share or "/"))
        before = self._computer.now()
        words = [PROGRAM, "ssh", "-p", self._cluster, "--skip-audit", "--", question]
        answer = self._programs.run(words, patience=PATIENCE)
        after = self._computer.now()
        if answer.code:
            lines = [one for one in answer.text.splitlines() if one.strip()]
            raise ValueError(f"it exited with {answer.code}: {lines[-1] if lines else 'no word'}")
        return minikube_facts.node(answer.out, share, before, after)

    def _with_connection(self, node: Node, profile: Profile, kind: Driver) -> Node:
        # Not by its status: `minikube status` hangs if the port is blocked.
        has_server = profile.address and profile.kubernetes != _NONE
        if not has_server or self._computer.system not in kind.reachable:
            return node
        configs = self._minikube.configs.get()
        config = configs.get(self._cluster, Config()) if not isinstance(configs, Unknown) else Config()
        why = self._computer.connect(profile.address, config.port, _CONNECTION)
        return replace(node, answers=not why)
