"""Image references as the tables of this room have them: without what means Docker Hub."""

_HUB = ("docker.io/", "index.docker.io/", "registry-1.docker.io/")


def name_and_tag(reference: str) -> tuple[str, str]:
    """The name, as short as people write it, and the tag: `docker.io/library/redis:7-alpine` is redis, 7-alpine."""
    rest = reference.partition("@")[0]
    colon = rest.find(":", rest.rfind("/") + 1)
    name, tag = (rest[:colon], rest[colon + 1 :]) if colon >= 0 else (rest, "")
    for hub in _HUB:
        name = name.removeprefix(hub)
    return name.removeprefix("library/"), tag
