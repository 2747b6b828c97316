"""Image references as the tables of this package have them: without the parts that mean Docker Hub."""

from stackferry.grammar.dockerfile.facts.images import image

_HUB = frozenset(("", "docker.io", "index.docker.io", "registry-1.docker.io"))


def name_and_tag(reference: str) -> tuple[str, str]:
    """The name in its shortest form, and the tag: `docker.io/library/redis:7-alpine` is redis, 7-alpine."""
    parts = image(reference)
    return parts.path.removeprefix("library/") if parts.registry in _HUB else parts.name, parts.tag
