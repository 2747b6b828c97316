"""Names of images as docker shows them: without Docker Hub's name, with a tag."""

from stackferry.grammar.regex import regex

_HUB = regex(r"(?:index\.)?docker\.io/(?:library/)?|library/")
_ID = regex(r"(?:sha256:)?[0-9a-f]{64}")


def familiar(image: str) -> str:
    """`docker.io/library/redis` becomes `redis:latest`; an id or a name with a digest gets no tag."""
    if not image or _ID.fullmatch(image):
        return image
    name, at, digest = image.partition("@")
    name = _HUB.sub("", name, count=1) if _HUB.match(name) else name
    tagged = at or ":" in name.rpartition("/")[2]
    return f"{name}{at}{digest}" if tagged else f"{name}:latest"


def repository(image: str) -> str:
    """The image without tag and digest."""
    name = familiar(image).partition("@")[0]
    return name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name


def image_name(image: str, *, trunc: bool = True) -> str:
    """The image without its digest; an image without a tag keeps the digest."""
    shown = familiar(image)
    name, _, digest = shown.partition("@")
    return name if trunc and digest and ":" in name.rpartition("/")[2] else shown
