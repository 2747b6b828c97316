"""The signal that stops a container: compose's `stop_signal`, and the image's STOPSIGNAL.

A node sends the image's STOPSIGNAL, or SIGTERM without one; a pod has no field for another signal that every cluster
knows (`lifecycle.stopSignal` is alpha in 1.34).
"""

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.regex import regex
from stackferry.translator.image_facts.last_step import last_step
from stackferry.translator.image_facts.reference import name_and_tag
from stackferry.translator.stack import Stack

TERM = "TERM"
KILL = "KILL"

_NAMES = (
    *("HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM"),
    *("TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF"),
    *("WINCH", "IO", "PWR", "SYS"),
)
"""Linux' signals 1 to 31, in order."""
_REAL_TIME = regex(r"RT(MIN|MAX)(?:([+-])(\d{1,2}))?")
_RTMIN, _RTMAX = 34, 64
"""The numbers of real-time signals in Docker."""

_OF_IMAGES = {
    "nginx": "QUIT",
    "httpd": "WINCH",
    "postgres": "INT",
    "haproxy": "USR1",
    "php": "QUIT",
}
"""STOPSIGNAL of widely used images of Docker Hub. `php` stands for its fpm variants."""


def stop_signal(text: str) -> str | None:
    """A signal as `kill` takes it: the name without SIG, or the number of a real-time signal; None if it is unknown."""
    name = text.strip().upper().removeprefix("SIG")
    if name.isascii() and name.isdecimal() and 0 < int(name[:3]) <= _RTMAX:
        number = int(name[:3])
        return _NAMES[number - 1] if number <= len(_NAMES) else str(number)
    if name in _NAMES:
        return name
    match = _REAL_TIME.fullmatch(name)
    if match is None:
        return None
    number = (_RTMIN if match[1] == "MIN" else _RTMAX) + int(f"{match[2] or ''}{match[3] or 0}")
    return str(number) if _RTMIN <= number <= _RTMAX else None


def sent_by_node(service: Service, stack: Stack) -> str:
    """The signal that a node sends: that of the service's Dockerfile, of a well-known image, else SIGTERM."""
    step = last_step(service, "STOPSIGNAL", stack.host)
    if step is not None and step.instruction.words:
        return stop_signal(step.expanded(step.instruction.words[0].text) or "") or TERM
    if service.build is not None or not service.image:
        return TERM
    name, tag = name_and_tag(service.image)
    return TERM if name == "php" and "fpm" not in tag else _OF_IMAGES.get(name, TERM)
