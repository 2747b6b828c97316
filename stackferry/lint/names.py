"""Tells Dockerfiles, their templates and compose files by name. `.pre-commit-hooks.yaml` has the same patterns.

Names decide which files of a folder are linted. A file named on the command line is a Dockerfile unless its name says
otherwise. No regular expressions: compiling them would take longer than parsing a file.
"""

WORDS = ("dockerfile", "containerfile")
"""A Dockerfile's name is one of these words in any case, alone or separated by one of `JOINTS` on either side."""

JOINTS = (".", "_", "-")

TEMPLATES = ("j2", "jinja", "jinja2", "tmpl", "template", "tpl", "erb", "in", "mustache")
"""Endings of templates from which Dockerfiles are generated."""

IGNORE_FILES = ("dockerignore", "containerignore")
"""Endings of files that exclude files from a build context."""

OTHERS = (
    *("md", "rst", "txt", "sh", "bash", "py", "js", "ts", "go", "rb", "java", "json", "yml", "yaml", "toml", "ini"),
    *("lock", "png", "svg", "html", "orig", "rej", "bak"),
)
"""Endings of files about a Dockerfile, such as documents."""

KEYWORDS = frozenset(
    (
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    )
)


def is_dockerfile(path: str) -> bool:
    """Whether a file found in a folder is a Dockerfile."""
    return looks_like_dockerfile(path) and not _ends(path, (*TEMPLATES, *IGNORE_FILES, *OTHERS))


def looks_like_dockerfile(path: str) -> bool:
    """Whether a name contains a Dockerfile's word, with any ending: `Dockerfile-web`, `web.dockerfile`."""
    return _begins_with_word(_name(path)) or _ends_with_word(_name(path))


def why_not(path: str) -> str:
    """The reason why a file that resembles a Dockerfile is not linted; empty if it can be linted."""
    if _ends(path, TEMPLATES):
        return "a template: lint its output instead"
    if _ends(path, IGNORE_FILES):
        return "not a Dockerfile: it lists files excluded from builds"
    return ""


def is_compose_file(path: str) -> bool:
    """Whether a file named on the command line is a compose file."""
    return _ends(path, ("yml", "yaml")) and not _begins_with_word(_name(path))


def is_script(path: str, text: str) -> bool:
    """Whether a file with a Dockerfile's name is a script: `lint-dockerfile`, `dockerfile_build`.

    A Dockerfile begins with FROM or ARG. A Dockerfile that does not is an error, which deserves a finding, so the
    text is considered only if the name is ambiguous.
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
    """The first word of a text outside of Dockerfile comments."""
    for line in text.removeprefix("\ufeff").split("\n"):
        words = line.split(maxsplit=1)
        if words and not words[0].startswith("#"):
            return words[0]
    return ""
