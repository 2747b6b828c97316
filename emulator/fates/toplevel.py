"""Fates of the top-level keys: the stack's name, networks, volumes, configs, secrets, models, our extension."""

from stackferry.grammar.fates import Section, about, exact, holder, later, loaded, nothing

_MODELS = "models are not served yet"


def _files(section: str) -> Section:
    return {
        section: holder(),
        f"{section}.*": exact("payload", why="changed content rolls out; a swarm refuses it"),
        **{
            f"{section}.*.{key}": exact("payload")
            for key in ("name", "file", "environment", "labels", "labels.*", "template_driver")
        },
        f"{section}.*.external": exact("payload", why="create it beforehand"),
        f"{section}.*.external.name": exact("payload", why="create it beforehand"),
    }


TOPLEVEL: Section = {
    "version": nothing("obsolete: docker compose ignores it as well"),
    "name": exact("stack", why="the stack's name, a prefix of all names"),
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
    "secrets.*.driver": later("secret drivers are not supported"),
    "secrets.*.driver_opts": later("secret drivers are not supported"),
    "secrets.*.driver_opts.*": later("secret drivers are not supported"),
    "volumes": holder(),
    "volumes.*": exact("volume"),
    **{
        f"volumes.*{part}": exact("volume", why="applied at creation; a later change is only warned about")
        for part in (".driver", ".driver_opts", ".driver_opts.*", ".labels", ".labels.*")
    },
    "volumes.*.name": exact("volume", why="an existing volume of another owner is used and never removed"),
    "volumes.*.external": exact("volume", why="create it beforehand"),
    "volumes.*.external.name": exact("volume", why="create it beforehand"),
    "networks": holder(),
    "networks.*": exact("network", why="a bridge, because all nodes are on one engine; recreated if removed"),
    **{
        f"networks.*.{key}": exact("network", why="a change replaces the network, then its tasks")
        for key in (
            *("driver_opts", "driver_opts.*", "ipam", "ipam.driver", "ipam.config", "ipam.options"),
            *("ipam.options.*", "ipam.config[].subnet", "ipam.config[].ip_range", "ipam.config[].gateway"),
            *("ipam.config[].aux_addresses", "ipam.config[].aux_addresses.*", "internal", "enable_ipv6"),
            *("labels", "labels.*"),
        )
    },
    "networks.*.name": exact("network", why="an existing network of another owner is refused"),
    "networks.*.driver": exact(
        "network", why="overlay becomes bridge, because all nodes are on one engine; a change replaces the network"
    ),
    "networks.*.external": exact("network", why="create it beforehand, as the file describes it; it is never changed"),
    "networks.*.external.name": exact("network", why="create it beforehand"),
    "networks.*.enable_ipv4": about("engines older than v28 ignore it", "network"),
    "networks.*.attachable": nothing("on a bridge, any container may join"),
    "x-stackferry": holder("settings of a swarm that compose files lack"),
    "x-stackferry.nodes": exact("nodes", why="the stack's virtual nodes"),
}
