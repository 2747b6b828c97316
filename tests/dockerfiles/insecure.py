"""Dockerfiles full of what the security rules find, in many spellings, and of what only resembles it.

For comparisons with other linters: an instruction each, so that a difference has its cause in one line.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from tests.dockerfiles.chance import Chance

VARIABLES: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    # name: the values that switch something off, those that do not
    "NODE_TLS_REJECT_UNAUTHORIZED": (("0",), ("1", "", "01")),
    "PYTHONHTTPSVERIFY": (("0",), ("1", "")),
    "NPM_CONFIG_STRICT_SSL": (("false", "0"), ("true", "falsey")),
    "npm_config_strict_ssl": (("false",), ("true",)),
    "GIT_SSL_NO_VERIFY": (("1", "true", "false"), ("",)),
    "PIP_TRUSTED_HOST": (("pypi.org", "a.example.com b.example.com"), ("", "localhost")),
}

COMMANDS: Sequence[tuple[Sequence[str], Sequence[str], Sequence[str]]] = (
    # programs; words that are meant to be found; words that are not
    (
        ("curl", "/usr/bin/curl", "curl.exe"),
        (
            *("-k", "-sk", "-fsSLk", "--insecure", "-kL", "-k -o x", "-L --insecure -o x", "-ko x", "-fk --retry 3"),
            *("--proxy-insecure", "-sSk -H 'a: b'", '"-k"', "'--insecure'", "-o x -k", "-X POST -k", "--insec"),
        ),
        ("-fsSL", "-o k", "-o -k", "-H -k", "-XLINK", "-uok", "-obackup", "--data-k", "-H 'x-k: -k'", "-Ts3-k", "-O"),
    ),
    (
        ("wget", "/usr/bin/wget"),
        (
            *("--no-check-certificate", "-q --no-check-certificate", "--no-check-cert", "-O x --no-check-certificate"),
            "--no-check-certificate -O x",
            "--check-certificate=off",
        ),
        ("-q", "--no-cache", "--check-certificate=on", "-O --no-check-certificate"),
    ),
    (
        ("pip install", "pip3 install", "python -m pip install", "pip3.11 install", "pip download", "pipx install"),
        (
            *("--trusted-host pypi.org flask", "--trusted-host=pypi.org flask", "flask --trusted-host pypi.org"),
            "-i http://a/ --trusted-host a flask",
        ),
        ("flask", "-i https://a/ flask", "--trusted-host localhost flask"),
    ),
    (
        ("apk add", "apk --no-cache add", "apk -q add"),
        ("--allow-untrusted /a.apk", "/a.apk --allow-untrusted", "--allow-untrusted -t .deps a"),
        ("curl", "--no-cache curl", "--allow-untrustedx a"),
    ),
    (
        ("apt-get install -y", "apt-get", "apt-get -y install", "apt install -y", "aptitude install", "apt-get update"),
        (
            *("--allow-unauthenticated", "--allow-unauthenticated a", "a --allow-unauthenticated", "--force-yes a"),
            *("-y --force-yes", "a --force-yes", "-o APT::Get::AllowUnauthenticated=true a", "--force-yes=true a"),
            *("--allow-insecure-repositories", "--allow-unauthenticated=true a", "--allow-unauthenticated=yes"),
        ),
        ("a", "-y a", "--allow-unauthenticated=false a", "--force-yes=no a", "--allow-downgrades a", "force-yes"),
    ),
    (
        ("yum install -y", "dnf install -y", "tdnf install", "microdnf install", "yum -y", "dnf5 install", "zypper in"),
        ("--nogpgcheck a", "a --nogpgcheck", "--nogpgcheck", "--setopt=gpgcheck=0 a", "--no-gpgcheck a"),
        ("a", "--gpgcheck a", "nogpgcheck"),
    ),
    (
        ("rpm -i", "rpm -Uvh", "rpm --install", "rpm -ivh --force", "rpm"),
        (
            *("--nodigest a.rpm", "--nosignature a.rpm", "--noverify a.rpm", "--nofiledigest a.rpm"),
            *("a.rpm --nosignature", "--nodeps --nosignature a.rpm", "-i --nodigest --nosignature a.rpm"),
        ),
        ("a.rpm", "--nodeps a.rpm", "--noscripts a.rpm", "-qa --nosignature", "--import k", "-V --noverify a"),
    ),
    (
        ("npm config", "npm c", "npm", "yarn config", "yarn", "/usr/bin/npm config", "npm -g config", "pnpm config"),
        (
            *("set strict-ssl false", "set strict-ssl=false", 'set "strict-ssl" false', "set 'strict-ssl' 'false'"),
            *("set strict-ssl false -g", "set -g strict-ssl false", 'set strict-ssl "false"'),
            *("set --global strict-ssl false", "set registry http://a strict-ssl false"),
        ),
        ("set strict-ssl true", "get strict-ssl", "set strict-ssl=true", "set registry http://a", "set strict false"),
    ),
    (
        ("yum-config-manager", "dnf config-manager", "yum config-manager", "dnf-config-manager", "yum", "dnf"),
        (
            *("--save --setopt=sslverify=0", "--setopt=sslverify=false --save", "--setopt=base.sslverify=0 --save"),
            *("--setopt sslverify=0", "--setopt='sslverify=0'", '--setopt="sslverify=no"', "--setopt='*.sslverify'=0"),
            *("--setopt=sslverify=No", "--setopt=SSLVERIFY=0", "--setopt=sslverify='0'", "--setopt=a.b.sslverify=off"),
        ),
        ("--setopt=sslverify=1", "--setopt=sslverify=true", "--setopt=noverify=0", "--enable a"),
    ),
    (
        ("git", "git -C x"),
        ("-c http.sslVerify=false clone https://a/b", "config --global http.sslVerify false"),
        ("clone https://a/b", "config --global http.sslVerify true"),
    ),
    (
        ("echo a:b | chpasswd", "echo 'a:b' |chpasswd -e", "chpasswd < f", "printf a:b | chpasswd", "chpasswd <<< a:b"),
        ("", "-e", "-c SHA512", "--encrypted"),
        (),
    ),
    (("echo", "apt-get install -y", "man", "rm", "which"), ("chpasswd", "chpasswd.conf"), ("a",)),
    (("passwd -d", "passwd --stdin", "useradd -p x", "usermod -p '!'"), ("root",), ()),
    (
        ("echo", "apk add", "apt-get install -y", "mycurl", "libcurl", "curl-config", "not-wget", "rpmbuild", "pipenv"),
        ("curl -k", "--insecure", "wget --no-check-certificate", "curl wget -k", "--nosignature", "--trusted-host a"),
        ("a",),
    ),
)  # fmt: skip

_BEFORE = (
    "",
    "",
    "",
    "",
    "set -eux; ",
    "cd /x && ",
    "true || ",
    "a | ",
    "if x; then ",
    "(",
    "{ ",
    "! ",
    "X=1 ",
    "A=1; ",
)
_RUNNERS = ("", "", "", "", "", "sudo ", "sudo -E ", "env A=b ", "time ", "exec ", "nice ", "timeout 9 ", "xargs ")
_AFTER = ("", "", "", "", " && b", "; b", " | sh", " || true", " > /x", " 2>&1", " \\\n    && b", " # --insecure", " &")
_CLOSING = {"if x; then ": "; fi", "(": ")", "{ ": "; }"}


def insecure(random: Random) -> str:
    """A Dockerfile of some twenty instructions."""
    chance = Chance(random, 0.0)
    makers: Sequence[Callable[[Chance], str]] = (_run, _run, _run, _run, _variable, _in_script)
    return "FROM debian:12\n" + "".join(f"{chance.one(makers)(chance)}\n" for _ in range(20))


def _command(chance: Chance) -> str:
    programs, meant, harmless = chance.one(COMMANDS)
    words = chance.one(harmless if harmless and chance.some(0.3) else meant)
    command = f"{chance.one(programs)} {words}"
    if chance.some(0.5) and command.removeprefix("/usr/bin/").startswith(("curl", "wget")):
        command += chance.one((" https://a.example.com/x", " https://localhost/x", " $URL", ' "https://a/b;c"'))
    if chance.some(0.1):
        command = command.replace(" ", chance.one(("  ", " \\\n  ", "\t")), 1)
    return command


def _run(chance: Chance) -> str:
    before, command = chance.one(_BEFORE), chance.one(_RUNNERS) + _command(chance)
    script = f"{before}{command}{_CLOSING.get(before, '')}{chance.one(_AFTER)}"
    shape = chance.random.random()
    if shape < 0.08 and "\\\n" not in script:
        return f"RUN <<EOF\n{script}\nls\nEOF"
    if shape < 0.12 and "\\\n" not in script:
        return f"RUN <<-SCRIPT\n\t{script}\n\tSCRIPT".replace("\tSCRIPT", "SCRIPT")
    if shape < 0.16 and "'" not in script:
        return f"RUN {chance.one(('sh -c', 'bash -lc', 'echo', 'su app -c'))} '{script}'"
    if shape < 0.2 and not set(script) & set("\"'\\|&;(){}<>#"):
        words = ", ".join(f'"{word}"' for word in script.split())
        return f"{chance.one(('RUN', 'CMD', 'ENTRYPOINT'))} [{words}]"
    if shape < 0.24:
        return f"{chance.one(('CMD', 'ENTRYPOINT', 'HEALTHCHECK CMD', 'ONBUILD RUN'))} {script}"
    return f"{chance.one(('RUN', 'RUN', 'RUN', 'run', 'RUN --mount=type=cache,target=/c'))} {script}"


def _setting(chance: Chance) -> tuple[str, str]:
    name = chance.one([*VARIABLES])
    meant, harmless = VARIABLES[name]
    value = chance.one(harmless if chance.some(0.3) else meant)
    quote = chance.one(("", "", "'", '"'))
    if " " in value and not quote:
        quote = '"'
    return chance.one((name, name, name, f"MY_{name}", name.lower())), f"{quote}{value}{quote}"


def _variable(chance: Chance) -> str:
    name, value = _setting(chance)
    keyword = chance.one(("ENV", "ENV", "ARG"))
    if keyword == "ENV" and chance.some(0.3) and value:
        return f"ENV {name} {value}"
    before = chance.one(("", "", "A=b ", 'A="b c" ', "A=b \\\n    "))
    return f"{keyword} {before}{name}={value}{chance.one(('', '', ' B=c'))}"


def _in_script(chance: Chance) -> str:
    name, value = _setting(chance)
    return "RUN " + chance.one(
        (
            f"{name}={value} npm ci",
            f"export {name}={value}",
            f"export {name}={value} && npm ci",
            f"export A=b {name}={value} && npm ci",
            f"{name}={value}; npm ci",
            f"{name}={value}",
            f"a && {name}={value} npm ci",
            f"env {name}={value} npm ci",
            f"A=b {name}={value} npm ci",
            f"echo {name}={value} >> .env",
            f"unset {name} && npm ci",
            f"sudo {name}={value} npm ci",
            f"sh -c '{name}=1 npm ci'",
            f"(export {name}={value}; npm ci)",
            f'echo "export {name}={value}" >> ~/.bashrc',
        )
    )
