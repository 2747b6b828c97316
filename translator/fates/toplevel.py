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
        f"{section}.*": exact(section, why="the object's name ends in a hash of its content: a change rolls out"),
        f"{section}.*.name": about("the object is named after the key and its content", section),
        f"{section}.*.file": exact(section),
        f"{section}.*.environment": exact(section, why="read when converting"),
        f"{section}.*.external": action("create the object beforehand"),
        f"{section}.*.external.name": action("create the object beforehand"),
        f"{section}.*.labels": holder("annotations"),
        f"{section}.*.labels.*": exact(f"{section}.metadata.annotations.{{key}}"),
        f"{section}.*.template_driver": action("Kubernetes does not expand templates; write the content out"),
    }


TOPLEVEL: Section = {
    "version": nothing("obsolete: docker compose ignores it as well"),
    "name": exact(why="the labels instance and part-of of every object; the namespace is --namespace"),
    "include": loaded("merged into the stack"),
    "include[]": loaded("merged into the stack"),
    "include[].path": loaded("merged into the stack"),
    "include[].env_file": loaded("merged into the stack"),
    "include[].project_directory": loaded("merged into the stack"),
    "services": holder(),
    "services.*": exact("workload", "service"),
    **{
        key: action("Kubernetes has no Docker Model Runner: serve the model yourself")
        for key in (
            "models",
            "models.*",
            *(f"models.*.{part}" for part in ("name", "model", "context_size", "runtime_flags")),
        )
    },
    **_files("configs"),
    "configs.*.content": exact("configs"),
    **_files("secrets"),
    "secrets.*.driver": action("Kubernetes has no secret drivers; create the Secret beforehand"),
    "secrets.*.driver_opts": action("Kubernetes has no secret drivers; create the Secret beforehand"),
    "secrets.*.driver_opts.*": action("Kubernetes has no secret drivers; create the Secret beforehand"),
    "volumes": holder(),
    "volumes.*": exact("claim", why="one claim, shared by all services that mount it"),
    "volumes.*.name": exact("claim"),
    "volumes.*.driver": exact(why="local: the cluster's default storage, or what driver_opts says"),
    "volumes.*.driver_opts": exact(why="see the pod's volume"),
    "volumes.*.driver_opts.*": exact(why="see the pod's volume"),
    "volumes.*.external": action("create the claim beforehand"),
    "volumes.*.external.name": action("create the claim beforehand"),
    "volumes.*.labels": holder("annotations"),
    "volumes.*.labels.*": exact("claim.metadata.annotations.{key}"),
    "networks": holder(),
    "networks.*": about(FLAT),
    "networks.*.name": about("one flat network"),
    "networks.*.driver": exact(why="the cluster's network reaches every node, like bridge and overlay"),
    "networks.*.driver_opts": action("does not apply to the cluster's network"),
    "networks.*.driver_opts.*": action("does not apply to the cluster's network"),
    "networks.*.ipam": action("the cluster assigns addresses"),
    "networks.*.ipam.driver": action("the cluster assigns addresses"),
    "networks.*.ipam.config": action("the cluster assigns addresses"),
    **{
        f"networks.*.ipam.config[].{key}": action("the cluster assigns addresses")
        for key in ("subnet", "ip_range", "gateway", "aux_addresses", "aux_addresses.*")
    },
    "networks.*.ipam.options": action("the cluster assigns addresses"),
    "networks.*.ipam.options.*": action("the cluster assigns addresses"),
    "networks.*.external": about("services in the same namespace reach each other"),
    "networks.*.external.name": about("services in the same namespace reach each other"),
    "networks.*.internal": action("services can reach the Internet; --network-policies prevents it"),
    "networks.*.enable_ipv4": about("decided by the cluster"),
    "networks.*.enable_ipv6": about("decided by the cluster"),
    "networks.*.attachable": nothing("for containers started by hand"),
    "networks.*.labels": nothing("there is no object to label"),
    "networks.*.labels.*": nothing("there is no object to label"),
}
