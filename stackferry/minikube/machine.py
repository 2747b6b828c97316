"""The machine below the stack: compares it with the request, creates or starts it, and diagnoses failures."""

from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError, StackferryError
from stackferry.minikube.examination import causes
from stackferry.translator.minikube import cloud_events, flags, start_log
from stackferry.translator.minikube.machine import Action, action, differences, start_words

if TYPE_CHECKING:
    from stackferry.minikube.place import Place, Seen
    from stackferry.session import Session
    from stackferry.translator.minikube.machine import MachineRequest
    from stackferry.translator.minikube.programs import Answer, Programs

_START = 900.0
"""Seconds after which a start is aborted: minikube itself waits twice four minutes for a control plane."""
_DELETE = 300.0
_ASK = 30.0
_HOPELESS = "initialization failed, will try again"


def needed_action(place: "Place", seen: "Seen", request: "MachineRequest") -> Action:
    """What to do with the machine. Raises StackferryError if it cannot be made to match the request."""
    if seen.profile is not None:
        found = list(differences(seen.profile, request))
        if found:
            listed = "; ".join(map(str, found))
            as_it_is = " ".join(one.instead for one in found) if all(one.instead for one in found) else ""
            raise StackferryError(
                (
                    f"minikube cluster {place.name} does not match the requested settings, and cannot be"
                    f" changed: {listed}"
                ),
                "create another cluster with --cluster NAME; or delete this one, with all its data,"
                " with `stackferry minikube down --volumes --machine delete`, and run `up` again"
                + (f"; or use it as it is with {as_it_is}" if as_it_is else ""),
            )
    return action(seen.profile, seen.status)


def bring(session: "Session", place: "Place", programs: "Programs", seen: "Seen", request: "MachineRequest") -> None:
    """Create or start the machine, and show minikube's progress. Raises StackferryError."""
    heard: list[str] = []

    def told(line: str) -> bool:
        # As soon as minikube has created the folder, so that the next run can resume after a kill.
        if request.flags and not (place.profile_folder / flags.FILE).exists():
            flags.remember(place.profile_folder, request.flags)
        found = cloud_events.event(line)
        if isinstance(found, cloud_events.Step) and found.message not in heard:
            heard.append(found.message)
            session.note(f"minikube: {found.message}")
        # kubeadm has waited four minutes in vain; minikube would make it wait once more.
        return isinstance(found, cloud_events.Remark) and found.message.startswith(_HOPELESS)

    answer = programs.run(start_words(request, seen.profile), patience=_START, told=told)
    if answer.code:
        message, hint = _failure(place, answer)
        for line in start_log.errors(_log(place), answer.text):
            message += f"\n  {line}"
        if _HOPELESS in answer.out:
            message = f"the control plane of {place.name} does not start{_kubelet(place, programs)}"
        raise SourceError([Diagnostic("", Severity.ERROR, message, None, hint), *causes(session, place, request)])
    flags.remember(place.profile_folder, request.flags)


def _log(place: "Place") -> str:
    """Minikube's log of the start."""
    try:
        return (place.home / start_log.FILE).read_text("utf-8", "replace")
    except OSError:
        return ""


def _kubelet(place: "Place", programs: "Programs") -> str:
    """The end of the kubelet's log, which tells why nothing runs."""
    words = "sudo journalctl -u kubelet --no-pager -o cat -n 200"
    said = programs.run(["minikube", "ssh", "-p", place.name, "--", words], patience=_ASK).out.splitlines()
    errors = [line for line in said if line.startswith("E") or "err=" in line] or said
    return "".join(f"\n  kubelet: {line[:300]}" for line in errors[-3:])


def make_known(place: "Place", programs: "Programs") -> None:
    """Update the cluster's address in the kubeconfig. Raises StackferryError."""
    answer = programs.run(["minikube", "update-context", "-p", place.name])
    if answer.code:
        raise StackferryError(*_failure(place, answer))


def remove(place: "Place", programs: "Programs") -> None:
    """Delete the machine with its cluster. Raises StackferryError."""
    answer = programs.run(["minikube", "delete", "-o", "json", "-p", place.name], patience=_DELETE)
    if answer.code:
        raise StackferryError(*_failure(place, answer))


def stop(place: "Place", programs: "Programs") -> None:
    """Stop the machine; its data stays."""
    answer = programs.run(["minikube", "stop", "-o", "json", "-p", place.name], patience=_DELETE)
    if answer.code:
        raise StackferryError(*_failure(place, answer))


def _failure(place: "Place", answer: "Answer") -> tuple[str, str]:
    """The message and the hint for a failed command of minikube."""
    found = cloud_events.verdict(cloud_events.events(answer.text))
    hint = f"for details: minikube logs -p {place.name}"
    if found is None:
        lines = [line for line in answer.err.splitlines() if line.strip()][-5:]
        return f"minikube exited with {answer.code}: {' '.join(lines)}", hint
    return f"minikube exited with {found.code} ({found.name}): {found.message}", hint
