"""password-in-image: Do not set passwords in an image.

Whoever gets the image has the password, or can find it: it stands in the history, and its hash in /etc/shadow.

    RUN echo "root:secret" | chpasswd

    USER app
    CMD ["/app"]

`passwd --stdin` and -d, and the -p of useradd and usermod are the same; an account that is locked (`-p '!'`) is not.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.security._calls import hits_at, letters, option, valued_option

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.commands import Argument
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.rules.security._calls import Place
    from stackferry.grammar.lint.settings import Settings

_PASSWD = ("--stdin", "--delete")


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Calls that set or remove a password."""
    places: list[Place] = []
    for step in file.steps("RUN"):
        if any(mount.type == "secret" for mount in step.mounts):
            continue
        for call in step.calls():
            places += _words(call)
    return hits_at(places, "a password is set in the image", "start the container as the required user instead")


def _words(call: "Call") -> "Iterator[Argument]":
    if call.program == "chpasswd":
        yield call.place
    elif call.program == "passwd":
        yield from (*option(call, *_PASSWD), *letters(call, "d", "inwxR"))
    elif call.program in ("useradd", "usermod"):
        for value, word in valued_option(call, "-p", "--password"):
            if value[:1] not in ("!", "*") and value not in ("", "x"):
                yield word
