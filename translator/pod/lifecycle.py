"""Hooks after a container's start and before its end: `lifecycle` of the container.

Kubernetes has one handler for each; several commands become the lines of one shell script. The steps before the end
are, in this order: a pause in which peers learn that the pod terminates, the service's own commands, its stop signal.
Unlike `command`, handlers are not expanded (`$(NAME)`), so nothing is escaped here.
"""

import shlex
from collections.abc import Sequence

from stackferry.grammar.compose.model.attachments import Hook
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.regex import regex
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes, Path
from stackferry.translator.pod.stop_signals import KILL, sent_by_node, stop_signal
from stackferry.translator.stack import Stack

_IDENTIFIER = regex(r"[A-Za-z_][A-Za-z0-9_]*")


def lifecycle(service: Service, stack: Stack, notes: Notes, *, pause: int = 0) -> Body:
    """The container's `lifecycle`, empty if it has no hooks. `pause`: seconds before anything stops it."""
    found: Body = {}
    after = _hooks(service, "post_start", service.post_start, notes)
    if after:
        found["postStart"] = _handler(after)
    before = _hooks(service, "pre_stop", service.pre_stop, notes)
    signal = _signal(service, stack, notes)
    if before or signal:
        found["preStop"] = _handler(before, f"sleep {pause}" if pause else "", signal)
    elif pause:
        found["preStop"] = {"sleep": {"seconds": pause}}
    return found


Line = list[str] | str
"""One command: its words, or a line of shell."""


def _handler(hooks: Sequence[Line], first: str = "", last: str = "") -> Body:
    """A single hook runs as it is, without a shell; several become a script, in which a failure ends the hooks.

    `first` and `last` run whether or not the hooks fail.
    """
    if len(hooks) == 1 and not isinstance(hooks[0], str) and not first and not last:
        return {"exec": {"command": hooks[0]}}
    chained = " && ".join(line if isinstance(line, str) else shlex.join(line) for line in hooks)
    script = "; ".join(filter(None, (first, chained, last)))
    return {"exec": {"command": ["/bin/sh", "-c", script]}}


def _hooks(service: Service, key: str, hooks: Sequence[Hook], notes: Notes) -> list[Line]:
    lines: list[Line] = []
    for index, hook in enumerate(hooks):
        path: Path = ("services", service.name, key, index)
        if not hook.command:
            notes.approximated(path, "kubernetes-empty-hook", "has no command; nothing runs")
        elif hook.privileged and not service.privileged:
            _left_out(path, "privileged", "more privileges than its container", notes)
        elif hook.user and hook.user != service.user:
            _left_out(path, "user", f"another user ({hook.user}) than its container", notes)
        else:
            lines.append(_line(hook, hook.command))
    return lines


def _left_out(path: Path, key: str, what: str, notes: Notes) -> None:
    hint = "run it in the image's entrypoint, or in another container of the pod"
    message = f"a lifecycle handler cannot run with {what}; the hook is omitted"
    notes.action((*path, key), "kubernetes-hook", message, hint)
    notes.action((*path, "command"), "kubernetes-hook", f"not run: see {key}")


def _line(hook: Hook, command: tuple[str, ...]) -> Line:
    values = {name: value for name, value in hook.environment.items() if value is not None}
    if not values and not hook.working_dir:
        return list(command)
    own = {name: value for name, value in values.items() if _IDENTIFIER.fullmatch(name)}
    words = shlex.join(command)
    if len(own) < len(values):
        words = " ".join(("env", *(shlex.quote(f"{name}={value}") for name, value in values.items()), words))
    elif own:
        words = " ".join((*(f"{name}={shlex.quote(value)}" for name, value in own.items()), words))
    return f"(cd {shlex.quote(hook.working_dir)} && {words})" if hook.working_dir else f"({words})"


def _signal(service: Service, stack: Stack, notes: Notes) -> str:
    """The line that sends the stop signal and waits for the end; empty if the node sends it anyway."""
    if service.stop_signal is None:
        return ""
    path = ("services", service.name, "stop_signal")
    wanted, sent = stop_signal(service.stop_signal), sent_by_node(service, stack)
    if wanted == sent:
        return ""
    if wanted is None or wanted == KILL:
        what = (
            f"{service.stop_signal} is not a signal" if wanted is None else "no process can send SIGKILL to its PID 1"
        )
        hint = "" if wanted is None else "set stop_grace_period: 0s"
        notes.action(path, "kubernetes-stop-signal", f"{what}; the container is stopped by SIG{sent}", hint)
        return ""
    if stack.groups[service.name].processes_are_shared:
        notes.action(
            path,
            "kubernetes-stop-signal",
            f"PID 1 is not the container's own process (pid, init); the container is stopped by SIG{sent}",
            f"set STOPSIGNAL SIG{wanted} in the image",
        )
        return ""
    notes.approximated(
        path,
        "kubernetes-stop-signal",
        f"sent by a shell in the image before the container stops (preStop); Kubernetes itself sends SIG{sent}",
        f"set STOPSIGNAL SIG{wanted} in the image, which needs no shell" if wanted.isalpha() else "",
    )
    return f"kill -s {wanted} 1 && while kill -0 1 2>/dev/null; do sleep 1; done"
