"""Queries minikube for what it knows without starting anything. `facts` parses the answers."""

import os
from collections.abc import Mapping
from glob import glob
from tempfile import TemporaryDirectory

from stackferry.translator.minikube.doctor.ask.gather import PATIENCE, Later
from stackferry.translator.minikube.doctor.facts import minikube as minikube_facts
from stackferry.translator.minikube.doctor.facts.minikube import Config, Minikube, Status
from stackferry.translator.minikube.doctor.facts.unknown import known
from stackferry.translator.minikube.profile import Profile, folder, home, profiles
from stackferry.translator.minikube.programs import Answer, Programs

PROGRAM = "minikube"


class MinikubeQuestions:
    """All queries, under way. The query to the node waits for some of the answers."""

    def __init__(self, programs: Programs, environment: Mapping[str, str], cluster: str) -> None:
        self._programs, self._cluster = programs, cluster
        self._program = programs.path(PROGRAM)
        self.home = home(environment)
        self.has_folder = os.path.isdir(folder(environment, cluster))
        # Unlike Path's, this glob skips folders that may not be read.
        self.has_disc = bool(glob("cache/iso/*/minikube-*.iso", root_dir=self.home))
        listed = Later("minikube profile list", self._list, PATIENCE)
        self.profiles = Later("minikube profile list", lambda: _profiles(listed), PATIENCE)
        self.configs = Later("minikube profile list", lambda: _configs(listed), PATIENCE)
        self.status = Later("minikube status", self._status, PATIENCE)
        self._version = Later("minikube version", self._say_version, PATIENCE)

    def facts(self) -> Minikube:
        """The facts, once all answers are there."""
        if self._program is None:
            return Minikube(home=str(self.home), has_folder=self.has_folder, has_disc=self.has_disc)
        return Minikube(
            self._program,
            self._version.get(),
            str(self.home),
            self.profiles.get(),
            self.configs.get(),
            self.has_folder,
            self.has_disc,
            self.status.get(),
        )

    def _list(self) -> str:
        # Without the folder, minikube would create it only to say that it is empty.
        if self._program is None or not os.path.isdir(self.home / "profiles"):
            return "{}"
        answer = self._programs.run([PROGRAM, "profile", "list", "-o", "json", "--light"], patience=PATIENCE)
        return _output(answer)

    def _status(self) -> Status | None:
        if self._program is None or not self.has_folder:
            return None
        words = [PROGRAM, "status", "-o", "json", "-p", self._cluster]
        # Its exit code is a sum of the parts that do not run.
        return minikube_facts.status(self._programs.run(words, patience=PATIENCE).out)

    def _say_version(self) -> str:
        if self._program is None:
            return ""
        words = [PROGRAM, "version", "-o", "json"]
        if self._programs.path("env") is None:
            return minikube_facts.version(_output(self._programs.run(words, patience=PATIENCE)))
        # Minikube creates its folders at every call, so it gets a temporary home here.
        with TemporaryDirectory(prefix="stackferry-", ignore_cleanup_errors=True) as elsewhere:
            answer = self._programs.run(["env", f"MINIKUBE_HOME={elsewhere}", *words], patience=PATIENCE)
        return minikube_facts.version(_output(answer))


def _profiles(listed: Later[str]) -> tuple[Profile, ...]:
    return profiles(known(listed.get()))


def _configs(listed: Later[str]) -> Mapping[str, Config]:
    return minikube_facts.configs(known(listed.get()))


def _output(answer: Answer) -> str:
    """The output of a program. Raises ValueError if it failed."""
    if answer.code:
        lines = [one for one in answer.text.splitlines() if one.strip()]
        raise ValueError(f"it exited with {answer.code}: {lines[-1] if lines else 'no word'}")
    return answer.out
