"""Shell commands of Dockerfiles: package managers with and without the options that linters require; shell syntax."""

from collections.abc import Mapping, Sequence

from tests.dockerfiles.chance import Chance

COMMANDS: Mapping[str, Sequence[str]] = {
    "apt-get": (
        *("update", "update -qq", "install curl", "install -y curl", "install -y curl=7.1-1", "-y install curl"),
        *("install -y --no-install-recommends curl git=1:2.39", "install -qq curl", "install --yes curl"),
        "dist-upgrade -y",
        *("install -y ./x.deb", "install -y $PACKAGES", "clean", "upgrade", "--yes install -t stable curl"),
        "autoremove",
        *("-o Dpkg::Use-Pty=0 install -y curl", "install -qqy curl git", "install -y curl/stable", "-q=2 install curl"),
    ),
    "apt": ("update", "install -y curl", "list", "install curl=1 -y"),
    "apk": (
        *("add curl", "add --no-cache curl=7.1", "add --no-cache curl", "--no-cache add curl~=7.1", "update"),
        "upgrade",
        *("add -U curl", "add --virtual .deps gcc musl-dev", "add --no-cache --virtual=.d gcc", "del .deps"),
        "add ./x.apk",
        *("add -t .deps -X http://a/b curl>7", "add --repository=http://a --no-cache curl@edge", "add $PKGS"),
    ),
    "yum": ("install curl", "install -y curl", "-y install curl-7.1", "clean all", "update -y", "localinstall x.rpm"),
    "dnf": ("install curl", "install -y curl", "-y install curl-7.1", "clean all", "module install -y a:1",
    "install -y @x"),
    "microdnf": ("install -y curl", "install curl-7.1", "clean all"),
    "zypper": ("install curl", "install -y curl", "-n install curl=7.1", "dist-upgrade", "dup", "clean",
    "in -y curl>1"),
    "pip": (
        *("install flask", "install flask==3.0.0", "install --no-cache-dir flask==3.0", "install -r requirements.txt"),
        *("install .", "install -e .", "install git+https://a/b@1", "install 'flask>=3'"),
        "install flask -c constraints.txt",
        *("install --upgrade pip", "install --index-url http://a flask", "install a.whl", "download flask"),
        "install $X",
    ),
    "pip3": ("install flask", "install --no-cache-dir flask~=3.0"),
    "python3 -m pip": ("install flask", "install --no-cache-dir flask==3"),
    "npm": ("install", "install express", "install express@4.1.1", "install -g a@^1", "install git://a#1", "ci",
    "install ."),
    "yarn": ("install", "install --frozen-lockfile", "cache clean", "add a", "global add a"),
    "gem": ("install bundler", "install bundler:2.0", "install a -v 1.0", "install --version 2 a", "update"),
    "go": ("install a.b/c", "install a.b/c@latest", "install a.b/c@v1.2", "install ./...", "get a", "build"),
    "cd": ("/x", "x", "", "-", "$HOME"),
    "wget": ("http://a/b", "--progress=dot:giga http://a/b", "-q http://a", "-O- http://a", "-nv http://a", "--help"),
    "curl": ("-fsSL http://a", "http://a -o x", "--version"),
    "useradd": ("a", "-u 1000 a", "-u 1000000 a", "-l -u 1000000 a", "--uid=1234567 -m a", "-lu 999999 a", "-u $ID a"),
    "sudo": ("ls", "-u a ls", "apt-get install -y curl"),
    "ln": ("-sf /bin/bash /bin/sh", "-s a b", "-sfv /bin/bash /bin/sh"),
    "tar": ("xzf a.tgz", "-xf a.tar -C /x", "czf a.tgz b"),
    "set": ("-e", "-eux", "-o pipefail", "-euo pipefail"),
    "echo": ("a", '"$A"', "$A", "a | b", "'it'\"s\"", "-e 'a\\nb'", "$(ls)", "`ls`"),
    "rm": ("-rf /var/lib/apt/lists/*", "-rf /x", "$A", "-rf /var/cache/apk/*", "-rf /var/cache/yum"),
    "export": ("A=b", "PATH=$PATH:/x", "A=$(b)"),
    "ssh": ("a",), "vim": ("a",), "shutdown": ("now",), "service": ("a start",), "ps": ("aux",), "top": ("",),
    "kill": ("1",),
    "mount": ("/a /b",), "ifconfig": ("",), "free": ("-m",),
}  # fmt: skip

_PREFIXES = (
    "",
    "",
    "",
    "",
    "DEBIAN_FRONTEND=noninteractive ",
    "env A=b ",
    "sudo ",
    "time ",
    "/usr/bin/",
    "exec ",
    "! ",
)
_JOINTS = (" && ", " && ", "; ", " || ", " | ", " & ")
_WRAPS = (
    "if {0}; then {1}; fi",
    "( {0}; {1} )",
    "{{ {0}; {1}; }}",
    "for a in 1 2; do {0}; done",
    "bash -c '{0}'",
    "$({0})",
)
_BROKEN = ("if a", "( a", "'a", '"$(a', "a )", "case x in", "a <<", "| a", "&& b", "{ a", "a;; b", "fi", "$((1+", "`a")


def command(chance: Chance) -> str:
    """One command."""
    program = chance.one(tuple(COMMANDS))
    return f"{chance.one(_PREFIXES)}{program} {chance.one(COMMANDS[program])}".rstrip()


def script(chance: Chance) -> str:
    """Commands as one line of shell."""
    parts = chance.several(lambda: command(chance), 1, 4)
    if chance.some(0.15):
        parts.append(chance.one(_WRAPS).format(command(chance), command(chance)))
    if chance.wild():
        parts.append(chance.one(_BROKEN))
    text = parts[0]
    for part in parts[1:]:
        text += chance.one(_JOINTS) + part
    return text
