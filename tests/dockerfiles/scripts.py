"""Dockerfiles that are mostly RUN, for comparing linters: `runs(random)` for a seeded `random.Random`.

`commands.py` has the commands. Here they get what people put around them: quotes and variables in their words, lists
and pipes, subshells, constructs, continued lines with comments, heredocs, mounts, ONBUILD. BuildKit reads all of it.
"""

from random import Random

from tests.dockerfiles.chance import Chance
from tests.dockerfiles.commands import command

_BASES = ("debian:12", "alpine:3.20", "python:3.12-slim", "fedora:40", "opensuse/leap:15", "scratch", "ubuntu")
_SETTINGS = (
    *(
        "ARG PACKAGES",
        "ARG PACKAGES=curl",
        "ENV PIP_NO_CACHE_DIR=1",
        "ENV X=flask==1",
        "ARG X=5",
        "ENV A='a b' HOME=/x",
    ),
    *('SHELL ["/bin/bash", "-o", "pipefail", "-c"]', 'SHELL ["/bin/sh", "-c"]', "WORKDIR /x", "USER app", "USER root"),
    *(
        'SHELL ["/bin/ash", "-eo", "pipefail", "-c"]',
        'SHELL ["bash", "-c"]',
        "COPY a.tgz /x/",
        "EXPOSE 80",
        "# a comment",
    ),
    *("ONBUILD ENV PIP_NO_CACHE_DIR=1", "ENV DEBIAN_FRONTEND=noninteractive YARN_CACHE_FOLDER=/y"),
)
_MOUNTS = (
    *("/root/.cache/pip", "/root/.cache", "/var/cache/apt", "/var/lib/apt", "/var/lib/apt/lists", "/var/cache/apk"),
    *("/root/.npm", "/usr/local/share/.cache/yarn", "/var/cache/dnf", "/var/cache/yum", "/var/cache/zypp", "/x"),
)
_PROGRAMS = (
    "make",
    "./configure --prefix=/x",
    "true",
    "cat /etc/hosts",
    "grep -q a b",
    "test -f x",
    "[ -f x ]",
    "x=$(id -u)",
)
_WORDS = (
    '"$A"',
    "$X",
    "${X:-y}",
    "'a b'",
    '"a $(id) b"',
    "a\\ b",
    "$(cat x)",
    "`id`",
    "--",
    "-",
    "{a,b}",
    "*.x",
    "2>&1",
    ">/dev/null",
    "$((1+2))",
    "<x",
)
_JOINTS = (" && ", " && ", " && ", "; ", " || ", " | ", " |& ", " & ", ";", "&&", "|")
_WRAPS = (
    *("if {}; then {}; fi", "if {}; then {}; else {}; fi", "({})", "( {} && {} )", "{{ {}; {}; }}", "! {}"),
    *(
        "for a in 1 2; do {}; done",
        "while {}; do {}; break; done",
        "case $X in a) {} ;; *) {} ;; esac",
        "f() {{ {}; }}; f",
    ),
    *(
        "bash -c '{}'",
        'sh -ec "{}"',
        "echo $( {})",
        'echo "$( {})"',
        "eval '{}'",
        "time {}",
        "exec {}",
        "[[ -f x ]] && {}",
    ),
    *(
        "env -i A=b {}",
        "sudo -E {}",
        "xargs {}",
        "nice {}",
        "until {}; do {}; done",
        "X=1 {}",
        "command {}",
        "busybox {}",
    ),
)
_COMMENTS = ("# a note", "    # it's odd", "#", "# && x")


def runs(random: Random) -> str:
    """A file: a stage or two, some settings, and RUNs."""
    chance = Chance(random, 0.0)
    lines: list[str] = []
    for number in range(chance.few(1, 2)):
        lines.append(f"FROM {chance.one(_BASES)}{f' AS s{number}' if chance.some(0.3) else ''}")
        lines += chance.several(lambda: chance.one(_SETTINGS), 0, 2)
        for _ in range(chance.few(1, 4)):
            lines.append(_run(chance))
            if chance.some(0.2):
                lines.append(chance.one(_SETTINGS))
    return "\n".join(lines) + "\n"


def _run(chance: Chance) -> str:
    head = "ONBUILD RUN" if chance.some(0.1) else "RUN"
    if chance.some(0.2):
        head += f" --mount=type=cache,target={chance.one(_MOUNTS)}"
    if chance.some(0.05):
        head += " --network=none"
    if chance.some(0.08):
        return f"{head} [{', '.join(chr(34) + word + chr(34) for word in _plain(chance).split())}]"
    if chance.some(0.12):
        body = "\n".join(chance.several(lambda: _list(chance, 1), 1, 3))
        return f"{head} <<EOF\n{body}\nEOF"
    return f"{head} {_list(chance, 2)}"


def _plain(chance: Chance) -> str:
    """A command without what a string of JSON would have to escape."""
    return next(text for text in iter(lambda: command(chance), "") if not set(text) & set("\"'\\"))


def _list(chance: Chance, depth: int) -> str:
    parts = chance.several(lambda: _part(chance, depth), 1, 4)
    text = parts[0]
    for part in parts[1:]:
        text += _joint(chance, chance.one(_JOINTS)) + part
    return text


def _joint(chance: Chance, operator: str) -> str:
    """An operator, now and then at the end of a line, or at the start of the next one."""
    if not chance.some(0.35):
        return operator
    comment = f"{chance.one(_COMMENTS)}\n" if chance.some(0.2) else ""
    ends = (f"{operator}\\\n{comment}    ", f" \\\n{comment}  {operator.strip()} ")
    return chance.one(ends)


def _part(chance: Chance, depth: int) -> str:
    if depth and chance.some(0.2):
        wrap = chance.one(_WRAPS)
        # Strings hold what has no quotes of its own.
        make = _plain if "'{}'" in wrap or '"{}"' in wrap else lambda some: _part(some, depth - 1)
        return wrap.format(*(make(chance) for _ in range(wrap.count("{}"))))
    text = chance.one(_PROGRAMS) if chance.some(0.2) else command(chance)
    if chance.some(0.15):
        text += f" {chance.one(_WORDS)}"
    if chance.some(0.08):
        name, space, rest = text.partition(" ")
        odd = (f'"{name}"', f"\\{name}", f"{name[0]}'{name[1:]}'")
        text = f"{chance.one(odd)}{space}{rest}"
    return text
