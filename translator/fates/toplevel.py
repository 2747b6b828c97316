"""Fates of the top-level keys: the stack's name, networks, volumes, configs, secrets, models."""

from stackferry.translator.fates.fate import (
    Section,
    about,
    action,
    exact,
    holder,
    loaded,
    nothing,
)
from stackferry.translator.fates.network import FLAT


def _files(section: str) -> Section:
    return {
        section: holder(),
        f"{section}.*": exact(section, why="its name ends in a hash of the content, so that a change rolls out"),
        f"{section}.*.name": about("the object is called after the key and its content", section),
        f"{section}.*.file": exact(section),
        f"{section}.*.environment": exact(section, why="read when converting"),
        f"{section}.*.external": action("the object must exist before"),
        f"{section}.*.external.name": action("the object must exist before"),
        f"{section}.*.labels": holder("annotations"),
        f"{section}.*.labels.*": exact(f"{section}.metadata.annotations.{{key}}"),
        f"{section}.*.template_driver": action("Kubernetes fills in no templates; write the content out"),
    }


TOPLEVEL: Section = {
    "version": nothing("obsolete: docker compose ignores it as well"),
    "name": exact(why="the labels instance and part-of of every object; a namespace is --namespace's"),
    "include": loaded("merged into the stack"),
    "include[]": loaded("merged into the stack"),
    "include[].path": loaded("merged into the stack"),
    "include[].env_file": loaded("merged into the stack"),
    "include[].project_directory": loaded("merged into the stack"),
    "services": holder(),
    "services.*": exact("workload", "service"),
    **{
        key: action("no cluster has Docker's model runner: serve the model yourself")
        for key in (
            "models",
            "models.*",
            *(f"models.*.{part}" for part in ("name", "model", "context_size", "runtime_flags")),
        )
    },
    **_files("configs"),
    "configs.*.content": exact("configs"),
    **_files("secrets"),
    "secrets.*.driver": action("no driver fetches it; create the Secret before"),
    "secrets.*.driver_opts": action("no driver fetches it; create the Secret before"),
    "secrets.*.driver_opts.*": action("no driver fetches it; create the Secret before"),
    "volumes": holder(),
    "volumes.*": exact("claim", why="one claim for all who mount it"),
    "volumes.*.name": exact("claim"),
    "volumes.*.driver": exact(why="local: the cluster's default storage, or what its options say"),
    "volumes.*.driver_opts": exact(why="see the volume of the pod"),
    "volumes.*.driver_opts.*": exact(why="see the volume of the pod"),
    "volumes.*.external": action("the claim must exist before"),
    "volumes.*.external.name": action("the claim must exist before"),
    "volumes.*.labels": holder("annotations"),
    "volumes.*.labels.*": exact("claim.metadata.annotations.{key}"),
    "networks": holder(),
    "networks.*": about(FLAT),
    "networks.*.name": about("one flat network"),
    "networks.*.driver": exact(why="the cluster's network reaches every node, like bridge and overlay"),
    "networks.*.driver_opts": action("the cluster's network has other settings"),
    "networks.*.driver_opts.*": action("the cluster's network has other settings"),
    "networks.*.ipam": action("the cluster gives out addresses"),
    "networks.*.ipam.driver": action("the cluster gives out addresses"),
    "networks.*.ipam.config": action("the cluster gives out addresses"),
    **{
        f"networks.*.ipam.config[].{key}": action("the cluster gives out addresses")
        for key in ("subnet", "ip_range", "gateway", "aux_addresses", "aux_addresses.*")
    },
    "networks.*.ipam.options": action("the cluster gives out addresses"),
    "networks.*.ipam.options.*": action("the cluster gives out addresses"),
    "networks.*.external": about("the same namespace is enough to reach each other"),
    "networks.*.external.name": about("the same namespace is enough to reach each other"),
    "networks.*.internal": action("the services reach the outside; --network-policies keeps them from it"),
    "networks.*.enable_ipv4": about("the cluster decides"),
    "networks.*.enable_ipv6": about("the cluster decides"),
    "networks.*.attachable": nothing("for containers started by hand"),
    "networks.*.labels": nothing("there is no object to label"),
    "networks.*.labels.*": nothing("there is no object to label"),
}
