"""Fates of the top-level keys: the stack's name, networks, volumes, configs, secrets, models, our extension."""

from stackferry.grammar.fates import Section, about, exact, holder, later, loaded, nothing

_MODELS = "no model runner is asked yet"


def _files(section: str) -> Section:
    return {
        section: holder(),
        f"{section}.*": exact("payload", why="a changed content rolls out; a swarm refuses it"),
        **{
            f"{section}.*.{key}": exact("payload")
            for key in ("name", "file", "environment", "labels", "labels.*", "template_driver")
        },
        f"{section}.*.external": exact("payload", why="it must have been created before"),
        f"{section}.*.external.name": exact("payload", why="it must have been created before"),
    }


TOPLEVEL: Section = {
    "version": nothing("obsolete: docker compose ignores it as well"),
    "name": exact("stack", why="the name of the stack, in front of all names"),
    **{
        f"include{part}": loaded("merged into the stack")
        for part in ("", "[]", "[].path", "[].env_file", "[].project_directory")
    },
    "services": holder(),
    "services.*": exact("service"),
    **{f"models{part}": later(_MODELS) for part in ("", ".*", ".*.name", ".*.model", ".*.context_size")},
    "models.*.runtime_flags": later(_MODELS),
    **_files("configs"),
    "configs.*.content": exact("payload"),
    **_files("secrets"),
    "secrets.*.driver": later("there are no secret drivers here"),
    "secrets.*.driver_opts": later("there are no secret drivers here"),
    "secrets.*.driver_opts.*": later("there are no secret drivers here"),
    "volumes": holder(),
    "volumes.*": exact("volume"),
    **{
        f"volumes.*{part}": exact("volume", why="once it is made it stays so: a change is told of, and loses no data")
        for part in (".driver", ".driver_opts", ".driver_opts.*", ".labels", ".labels.*")
    },
    "volumes.*.name": exact("volume", why="one that the stack did not make is used, and never removed"),
    "volumes.*.external": exact("volume", why="it must exist before"),
    "volumes.*.external.name": exact("volume", why="it must exist before"),
    "networks": holder(),
    "networks.*": exact("network", why="a bridge: all nodes are on one engine; one that is removed is made again"),
    **{
        f"networks.*.{key}": exact("network", why="a change replaces the network, then the tasks in it")
        for key in (
            *("driver_opts", "driver_opts.*", "ipam", "ipam.driver", "ipam.config", "ipam.options"),
            *("ipam.options.*", "ipam.config[].subnet", "ipam.config[].ip_range", "ipam.config[].gateway"),
            *("ipam.config[].aux_addresses", "ipam.config[].aux_addresses.*", "internal", "enable_ipv6"),
            *("labels", "labels.*"),
        )
    },
    "networks.*.name": exact("network", why="one that the stack did not make is refused"),
    "networks.*.driver": exact(
        "network", why="overlay becomes bridge: all nodes are on one engine; a change replaces it"
    ),
    "networks.*.external": exact("network", why="it must exist before, and be as asked for: it is never changed"),
    "networks.*.external.name": exact("network", why="it must exist before"),
    "networks.*.enable_ipv4": about("engines older than v28 ignore it", "network"),
    "networks.*.attachable": nothing("on a bridge, any container may join"),
    "x-stackferry": holder("what a swarm has and a compose file does not say"),
    "x-stackferry.nodes": exact("nodes", why="virtual nodes"),
}
