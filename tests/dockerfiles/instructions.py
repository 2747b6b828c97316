"""Arguments of every instruction, right and wrong. `ARGUMENTS` is the table; a new instruction is one more line."""

from collections.abc import Callable, Mapping, Sequence

from tests.dockerfiles import words
from tests.dockerfiles.chance import Chance
from tests.dockerfiles.commands import script
from tests.dockerfiles.heredocs import Heredoc, around
from tests.dockerfiles.words import exec_form, pairs, value, word


class Made:
    """An instruction before it gets its looks: keyword, arguments, and the lines of heredocs that follow it."""

    def __init__(self, keyword: str, arguments: str, lines: Sequence[str] = ()) -> None:
        self.keyword = keyword
        self.arguments = arguments
        self.lines = list(lines)


class Scene:
    """What the file has so far: the names of its stages, which later instructions refer to."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.count = 0


FLAGS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "ADD": {
        "chown": ("1:1", "a", "$A"), "chmod": ("755", "u+x", "0644"), "link": ("", "true", "false"), "unpack": ("",
        "true"),
        "keep-git-dir": ("", "true"), "checksum": (f"sha256:{'a' * 64}", "x", "$A"), "exclude": ("*.md", "a"),
    },
    "COPY": {
        "chown": ("1:1", "a:b"), "chmod": ("755", "a=r"), "link": ("",), "parents": ("", "true"), "exclude": ("*.md",),
        "from": ("build", "base", "0", "1", "alpine:3.20", "nope", "9", "$A", "BUILD", "-1"),
    },
    "FROM": {"platform": ("linux/amd64", "$TARGETPLATFORM", "$BUILDPLATFORM", "linux/arm64/v8", "${X:-linux/386}",
    "a/b/c/d")},
    "HEALTHCHECK": {
        "interval": ("5s", "1m30s", "0", "5", "1us", "-1s", "x"), "timeout": ("3s", "1ms"), "start-period": ("0s",),
        "start-interval": ("5s",), "retries": ("3", "0", "-1", "x", "99999999999"),
    },
    "RUN": {
        "mount": (), "network": ("none", "host", "default", "x"), "security": ("sandbox", "insecure", "y"),
        "device": ("a/b=c", "vendor.com/x=*", "name=a/b=c,required", "z"),
    },
}  # fmt: skip
_ODD_FLAGS = (
    "--",
    "--x",
    "--x=y",
    "--link=maybe",
    "--mount",
    "--from",
    "--chown=",
    '--chmod="7 5"',
    "--=a",
    "-x",
    "--PLATFORM=a",
)

_MOUNT_KEYS: Mapping[str, Sequence[str]] = {
    "type": ("bind", "cache", "tmpfs", "secret", "ssh", "x"), "target": ("/x", "/root/.cache", "rel", "/", "$A"),
    "dst": ("/y",), "destination": ("/z",), "source": ("a", "/b"), "src": ("c",), "from": ("build", "base", "0",
    "alpine", "$A"),
    "id": ("n", "$A"), "sharing": ("shared", "private", "locked", "x"), "readonly": ("", "true", "false", "x"),
    "ro": ("",),
    "rw": ("", "true"), "readwrite": ("",), "required": ("", "true", "x"), "mode": ("0700", "x"), "uid": ("0", "x"),
    "gid": ("1",), "size": ("100", "1g", "x"), "env": ("A", ""), "bogus": ("", "1"), "": ("", "a"),
}  # fmt: skip
_USUAL_MOUNTS = (
    "type=cache,target=/root/.cache", "type=cache,target=/var/cache/apt,sharing=locked", "type=secret,id=token",
    "type=bind,source=a,target=/a", "type=tmpfs,target=/tmp,size=1000000", "type=ssh", "target=/src",
    "from=build,target=/x",
    "type=cache,id=x,target=/x,uid=1000,gid=1000,mode=0755", "type=secret,id=a,env=A",
    "from=base,source=/x,target=/x,rw",
)  # fmt: skip


def mount(chance: Chance) -> str:
    """The value of `--mount`."""
    if not chance.wild():
        return chance.one(_USUAL_MOUNTS)
    keys = chance.several(lambda: chance.one(tuple(_MOUNT_KEYS)), 0, 4)
    parts = [f"{key}={chance.one(_MOUNT_KEYS[key])}" if chance.some(0.8) else key for key in keys]
    return chance.one((",", ",", ",", " ,", ";", ",,")).join(parts)


def flags(chance: Chance, keyword: str) -> str:
    """Flags with the white space after them; mostly none."""
    found = []
    table = FLAGS.get(keyword, {})
    for name in table:
        if chance.some(0.12):
            usual = table[name] or (mount(chance),)
            given = chance.one(usual if chance.wild() else usual[:2])
            found.append(f"--{name}={given}" if given or chance.wild() else f"--{name}")
    if chance.wild():
        found.append(chance.one(_ODD_FLAGS))
    chance.random.shuffle(found)
    return "".join(flag + chance.pick((" ", " ", "  "), ("\t", "", " \v")) for flag in found)


def _from(chance: Chance, scene: Scene) -> Made:
    image = (
        chance.one(scene.stages) if scene.stages and chance.some(0.3) else chance.pick(words.IMAGES, words.ODD_IMAGES)
    )
    scene.count += 1
    name = ""
    if chance.some(0.5):
        stage = chance.pick(words.STAGES, words.ODD_STAGES)
        scene.stages.append(stage)
        joint = chance.pick(("AS", "AS", "as"), ("As", "IS", "", "AS AS", "as\t"))
        name = f" {joint} {stage}"
    if chance.wild():
        name += chance.one((" x", " AS", " as b c", "#", " # c"))
    return Made("FROM", image + name)


def _run(chance: Chance, scene: Scene) -> Made:
    if chance.some(0.15):
        documents = chance.several(lambda: Heredoc(chance), 1, 2)
        text = " ".join(around(chance, one) for one in documents)
        return Made("RUN", text, [line for one in documents for line in one.lines])
    return Made("RUN", exec_form(chance) if chance.some(0.1) else script(chance))


def _copy(keyword: str) -> Callable[[Chance, Scene], Made]:
    def make(chance: Chance, scene: Scene) -> Made:
        if chance.some(0.1):
            return Made(keyword, exec_form(chance) if chance.wild() else '["a b", "/c d/"]')
        if chance.some(0.1):
            document = Heredoc(chance)
            return Made(keyword, f"{document.word} {chance.pick(('/x', '/y/'), ('', document.word))}", document.lines)
        sources = chance.several(lambda: word(chance), 1 if not chance.wild() else 0, 3)
        if keyword == "ADD" and chance.some(0.3):
            sources = [
                chance.one(("http://a/b.tgz", "https://github.com/a/b.git#v1", "a.tar.gz", "git@a:b.git", "x.zip"))
            ]
        return Made(keyword, " ".join([*sources, chance.pick(("/x/", "/y/", "./"), ("", "x", "$A", "a b"))]))

    return make


def _shell_or_exec(keyword: str) -> Callable[[Chance, Scene], Made]:
    return lambda chance, scene: Made(keyword, exec_form(chance) if chance.some(0.6) else script(chance))


def _words(keyword: str, usual: Sequence[str], odd: Sequence[str], most: int = 1) -> Callable[[Chance, Scene], Made]:
    def make(chance: Chance, scene: Scene) -> Made:
        found = chance.several(lambda: chance.pick(usual, (*odd, *words.ODD_WORDS)), 1, most)
        return Made(keyword, " ".join(found) + (words.variable(chance) if chance.some(0.1) else ""))

    return make


def _pairs(keyword: str) -> Callable[[Chance, Scene], Made]:
    return lambda chance, scene: Made(keyword, pairs(chance))


def _arg(chance: Chance, scene: Scene) -> Made:
    def argument() -> str:
        name = chance.pick((*words.VARIABLES, "BASE", "DB_PASSWORD"), words.ODD_VARIABLES)
        return name if chance.some(0.4) else f"{name}={value(chance)}"

    return Made("ARG", " ".join(chance.several(argument, 1, 3)))


def _health(chance: Chance, scene: Scene) -> Made:
    if chance.some(0.2):
        return Made("HEALTHCHECK", chance.pick(("NONE", "none"), ("NONE x", "", "NONE []", "CMD", "SHELL x", "CMD []")))
    return Made(
        "HEALTHCHECK", f"{chance.one(('CMD', 'cmd'))} {exec_form(chance) if chance.some(0.5) else script(chance)}"
    )


def _onbuild(chance: Chance, scene: Scene) -> Made:
    keyword = chance.pick(
        ("RUN", "COPY", "ENV", "WORKDIR", "USER", "ADD"), ("FROM", "ONBUILD", "MAINTAINER", "NOPE", "")
    )
    inner = ARGUMENTS[keyword](chance, scene) if keyword in ARGUMENTS else Made(keyword, word(chance))
    return Made("ONBUILD", f"{inner.keyword} {flags(chance, keyword)}{inner.arguments}", inner.lines)


def _unknown(chance: Chance, scene: Scene) -> Made:
    return Made(chance.one(words.ODD_KEYWORDS), word(chance))


ARGUMENTS: Mapping[str, Callable[[Chance, Scene], Made]] = {
    "ADD": _copy("ADD"),
    "ARG": _arg,
    "CMD": _shell_or_exec("CMD"),
    "COPY": _copy("COPY"),
    "ENTRYPOINT": _shell_or_exec("ENTRYPOINT"),
    "ENV": _pairs("ENV"),
    "EXPOSE": _words(
        "EXPOSE",
        ("80", "443/tcp", "53/udp", "8000-8010", "$PORT", "80/TCP", "1:2", "127.0.0.1:1:2/udp"),
        ("70000", "a", "0", "80/x", "5-3", "/", ""),
        3,
    ),
    "FROM": _from,
    "HEALTHCHECK": _health,
    "LABEL": _pairs("LABEL"),
    "MAINTAINER": _words("MAINTAINER", ("me <me@example.com>",), ("", '"'), 2),
    "ONBUILD": _onbuild,
    "RUN": _run,
    "SHELL": lambda chance, scene: Made(
        "SHELL",
        chance.pick(
            ('["/bin/bash", "-c"]', '["/bin/bash", "-o", "pipefail", "-c"]', '["powershell"]'),
            ("bash", "[]", "", "['a']"),
        ),
    ),
    "STOPSIGNAL": _words("STOPSIGNAL", ("SIGTERM", "9", "SIGRTMIN+3", "quit"), ("", "0", "NOPE", "SIG", "-1"), 1),
    "USER": _words("USER", ("root", "app", "1000", "1000:1000", "app:app"), ("", "a b", ":"), 1),
    "VOLUME": lambda chance, scene: Made(
        "VOLUME", exec_form(chance) if chance.some(0.3) else " ".join(chance.several(lambda: word(chance), 1, 2))
    ),
    "WORKDIR": _words("WORKDIR", ("/app", "/app/x", "app", "$HOME", "/a b", "C:\\app", "."), ("", '""'), 1),
}


def instruction(chance: Chance, scene: Scene) -> Made:
    """Any instruction; RUN more often, FROM less."""
    keyword = "RUN" if chance.some(0.25) else "FROM" if chance.some(0.08) else chance.one(tuple(ARGUMENTS))
    made = _unknown(chance, scene) if chance.wild() and chance.some(0.2) else ARGUMENTS[keyword](chance, scene)
    if made.keyword != "ONBUILD":
        made.arguments = flags(chance, made.keyword) + made.arguments
    return made
