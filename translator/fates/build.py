"""Fates of `services.*.build.*`: how an image is made, before anything runs."""

from stackferry.translator.fates.fate import Fate, Section, action, nothing

_IN_COMMAND = "build time: part of the build command that `explain` shows"
_OPTION = "build time: not in the manifests; pass it to the build command if the image needs it"


def _all(fate: Fate, *keys: str) -> Section:
    return dict.fromkeys((f"build.{key}" for key in keys), fate)


BUILD: Section = {
    "build": action("build the image and put it where the cluster finds it", "container.image"),
    **_all(nothing(_IN_COMMAND), "context", "dockerfile", "dockerfile_inline", "args", "args.*", "target"),
    **_all(
        nothing(_OPTION),
        *(
            "cache_from",
            "cache_to",
            "no_cache",
            "no_cache_filter",
            "pull",
            "network",
            "provenance",
            "sbom",
            "shm_size",
            "isolation",
        ),
        *("labels", "labels.*", "extra_hosts", "extra_hosts.*", "privileged", "entitlements", "tags", "platforms"),
        *("ulimits", "ulimits.*", "ulimits.*.soft", "ulimits.*.hard"),
    ),
    **_all(
        action("not supported by minikube image build; use docker buildx, then minikube image load"),
        *("secrets", "secrets[].source", "secrets[].target", "secrets[].uid", "secrets[].gid", "secrets[].mode"),
        *("ssh", "ssh.*", "additional_contexts", "additional_contexts.*"),
    ),
}
