"""Fates of `services.*.build.*`: the engine builds the image before the stack starts."""

from stackferry.grammar.fates import Fate, Section, about, exact, nothing

_COMMAND = "an option of the build with BuildKit, through the docker command and its buildx plugin"
_OWNER = "no effect in a build; use RUN --mount=type=secret,uid=…,mode=… in the Dockerfile"


def _all(fate: Fate, *keys: str) -> Section:
    return dict.fromkeys((f"build.{key}" for key in keys), fate)


BUILD: Section = {
    "build": exact("container.image", why="built before the stack starts; a swarm ignores it"),
    **_all(
        exact("build", why="an option of the build"),
        *("context", "dockerfile", "dockerfile_inline", "args", "args.*", "target", "labels", "labels.*", "cache_from"),
        *("no_cache", "pull", "network", "shm_size", "extra_hosts", "extra_hosts.*", "tags"),
        *("isolation", "ulimits", "ulimits.*", "ulimits.*.soft", "ulimits.*.hard"),
    ),
    **_all(
        about("built for one platform only: the engine's if listed, else the first", "build"),
        "platforms",
    ),
    **_all(
        exact("build", why=_COMMAND),
        *("secrets", "secrets[].source", "secrets[].target", "ssh", "ssh.*", "additional_contexts"),
        *("additional_contexts.*", "cache_to", "entitlements", "privileged", "provenance", "sbom", "no_cache_filter"),
    ),
    **_all(nothing(_OWNER), "secrets[].uid", "secrets[].gid", "secrets[].mode"),
}
