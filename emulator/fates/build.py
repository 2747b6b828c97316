"""Fates of `services.*.build.*`: the image is built by the engine before the stack starts."""

from stackferry.grammar.fates import Fate, Section, about, exact, later

_BUILDKIT = "the engine's own builder has no such option; build with docker buildx and name the image"


def _all(fate: Fate, *keys: str) -> Section:
    return dict.fromkeys((f"build.{key}" for key in keys), fate)


BUILD: Section = {
    "build": exact("container.image", why="built before the stack starts; a swarm ignores it"),
    **_all(
        exact("build", why="an option of the build"),
        *("context", "dockerfile", "dockerfile_inline", "args", "args.*", "target", "labels", "labels.*", "cache_from"),
        *("no_cache", "pull", "network", "shm_size", "extra_hosts", "extra_hosts.*", "tags"),
    ),
    **_all(about("the image is built for one platform, the first", "build"), "platforms"),
    **_all(
        later(_BUILDKIT),
        *("secrets", "secrets[].source", "secrets[].target", "secrets[].uid", "secrets[].gid", "secrets[].mode"),
        *("ssh", "ssh.*", "additional_contexts", "additional_contexts.*", "cache_to", "entitlements", "privileged"),
        *(
            "provenance",
            "sbom",
            "isolation",
            "no_cache_filter",
            "ulimits",
            "ulimits.*",
            "ulimits.*.soft",
            "ulimits.*.hard",
        ),
    ),
}
