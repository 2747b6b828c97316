"""What a file is by its name: a Dockerfile, a template of one, a compose file. `.pre-commit-hooks.yaml` says the same.

A name only decides what is found in a folder; what is named on the command line is a Dockerfile, unless it is one of
the others. Without regular expressions: these would take longer to compile than a file to parse.
"""

WORDS = ("dockerfile", "containerfile")
"""A Dockerfile's name, in any case, is one of them, alone or set off by one of `JOINTS` on either side."""

JOINTS = (".", "_", "-")

TEMPLATES = ("j2", "jinja", "jinja2", "tmpl", "template", "tpl", "erb", "in", "mustache")
"""Endings of what a Dockerfile is made from."""

IGNORE_FILES = ("dockerignore", "containerignore")
"""Endings of what says which files a build does not see."""

OTHERS = (
    *("md", "rst", "txt", "sh", "bash", "py", "js", "ts", "go", "rb", "java", "json", "yml", "yaml", "toml", "ini"),
    *("lock", "png", "svg", "html", "orig", "rej", "bak"),
)
"""Endings of what is about a Dockerfile."""

KEYWORDS = frozenset(
    (
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    )
)


def is_dockerfile(path: str) -> bool:
    """Whether a file that is found in a folder is a Dockerfile."""
    return looks_like_dockerfile(path) and not _ends(path, (*TEMPLATES, *IGNORE_FILES, *OTHERS))


def looks_like_dockerfile(path: str) -> bool:
    """Whether a name has the word of a Dockerfile, whatever its ending: `Dockerfile-web`, `web.dockerfile`."""
    return _begins_with_word(_name(path)) or _ends_with_word(_name(path))


def why_not(path: str) -> str:
    """Why a file is not linted although somebody may take it for a Dockerfile; empty if nothing speaks against it."""
    if _ends(path, TEMPLATES):
        return "a template: lint its output instead"
    if _ends(path, IGNORE_FILES):
        return "not a Dockerfile: it lists files excluded from builds"
    return ""


def is_compose_file(path: str) -> bool:
    """Whether a file that is named on the command line is a compose file."""
    return _ends(path, ("yml", "yaml")) and not _begins_with_word(_name(path))


def is_script(path: str, text: str) -> bool:
    """Whether a file with the name of a Dockerfile is a script: `lint-dockerfile`, `dockerfile_build`.

    A Dockerfile begins with FROM or ARG. One that does not is wrong, which is worth a finding: so only where the name
    leaves a doubt.
    """
    name = _name(path)
    if "." in name or name in WORDS or not looks_like_dockerfile(name):
        return False
    first = _first_word(text).upper()
    if first in ("", "FROM", "ARG"):
        return False
    return not _begins_with_word(name) or text.startswith("#!") or first not in KEYWORDS


def _begins_with_word(name: str) -> bool:
    return any(name.startswith(word) and name[len(word) : len(word) + 1] in ("", *JOINTS) for word in WORDS)


def _ends_with_word(name: str) -> bool:
    return any(name.endswith(joint + word) for word in WORDS for joint in JOINTS)


def _ends(path: str, endings: tuple[str, ...]) -> bool:
    return path.lower().endswith(tuple(f".{ending}" for ending in endings))


def _name(path: str) -> str:
    """The last part of a path, in lower case."""
    return path.rpartition("/")[2].lower()


def _first_word(text: str) -> str:
    """The first word of a text that is no comment of a Dockerfile."""
    for line in text.removeprefix("\ufeff").split("\n"):
        words = line.split(maxsplit=1)
        if words and not words[0].startswith("#"):
            return words[0]
    return ""
