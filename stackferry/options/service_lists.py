"""The table of the flags of `service create` and `service update` that hold several values.

`edits/` has the change that each makes to a spec, in one file per part of a spec.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from stackferry.options.edits.edit import (
    Add,
    Remove,
    before_equals,
    container,
    with_container,
    with_one,
    with_pair,
    with_placement,
    without_one,
    without_pair,
)
from stackferry.options.edits.engine_options import add_ulimit, pairs, remove_ulimit, texts
from stackferry.options.edits.mounts import add_mount, remove_mount
from stackferry.options.edits.networks import add_network, remove_network
from stackferry.options.edits.payloads import files
from stackferry.options.edits.ports import add_port, remove_port
from stackferry.options.edits.scheduling import add_generic, add_preference, remove_generic, remove_preference
from stackferry.options.service_values import address, constraint, host, is_host


class Listed(NamedTuple):
    """A flag with several values. `remove` None: in update the flag has the same name, and only adds.

    `add` None: `service_flags.py` processes it together with another flag.
    """

    add: Add | None
    remove: Remove | None
    metavar: str
    summary: str
    key: str = "KEY"
    letter: str = ""


def _variable(text: str) -> str:
    """`KEY=VALUE`; a bare `KEY` takes its value from our environment."""
    return text if "=" in text or text not in os.environ else f"{text}={os.environ[text]}"


LISTS: Mapping[str, Listed] = {
    "cap-add": Listed(None, None, "NAME", "Add a Linux capability."),
    "cap-drop": Listed(None, None, "NAME", "Drop a Linux capability."),
    "config": Listed(*files("config", "/"), "NAME", "Grant access to a config: a name, or source=…,target=…,mode=…."),
    "constraint": Listed(
        lambda spec, text, _: with_placement(
            spec, constraints=with_one(spec.task.placement.constraints, constraint(text))
        ),
        lambda spec, text: with_placement(spec, constraints=without_one(spec.task.placement.constraints, text)),
        "TEXT",
        "Placement constraint: node.role == worker.",
        "TEXT",
    ),
    "container-label": Listed(
        lambda spec, text, _: with_container(spec, labels=with_pair(container(spec).labels, text)),
        lambda spec, text: with_container(spec, labels=without_pair(container(spec).labels, text)),
        "KEY=VALUE",
        "Label of the containers.",
    ),
    "dns": Listed(*texts("Dns", address), "IP", "DNS server.", "IP"),
    "dns-option": Listed(*texts("DnsOptions"), "TEXT", "DNS option.", "TEXT"),
    "dns-search": Listed(*texts("DnsSearch"), "DOMAIN", "DNS search domain.", "DOMAIN"),
    "env": Listed(
        lambda spec, text, _: with_container(spec, env=with_one(container(spec).env, _variable(text), before_equals)),
        lambda spec, text: with_container(spec, env=without_one(container(spec).env, text, before_equals)),
        "KEY=VALUE",
        "Environment variable.",
        letter="-e",
    ),
    "generic-resource": Listed(add_generic, remove_generic, "KIND=N", "Reserve a generic resource.", "KIND"),
    "group": Listed(
        lambda spec, text, _: with_container(spec, groups=with_one(container(spec).groups, text)),
        lambda spec, text: with_container(spec, groups=without_one(container(spec).groups, text)),
        "GROUP",
        "Supplementary group.",
        "GROUP",
    ),
    "host": Listed(
        lambda spec, text, _: with_container(spec, hosts=with_one(container(spec).hosts, host(text))),
        lambda spec, text: with_container(
            spec, hosts=tuple(one for one in container(spec).hosts if not is_host(one, text))
        ),
        "HOST:IP",
        "Host-to-IP mapping.",
        "HOST:IP",
    ),
    "label": Listed(
        lambda spec, text, _: replace(spec, labels=with_pair(spec.labels, text)),
        lambda spec, text: replace(spec, labels=without_pair(spec.labels, text)),
        "KEY=VALUE",
        "Label of the service.",
        letter="-l",
    ),
    "log-opt": Listed(pairs("LogConfig", "Config")[0], None, "KEY=VALUE", "Option of the logging driver."),
    "mount": Listed(
        add_mount,
        remove_mount,
        "type=…,source=…,target=…",
        "Mount a volume, a directory of the host or a tmpfs.",
        "TARGET",
    ),
    "network": Listed(
        add_network,
        remove_network,
        "NAME",
        "Network, by its name on the engine.",
        "NAME",
    ),
    "placement-pref": Listed(
        add_preference,
        remove_preference,
        "spread=LABEL",
        "Spread tasks over the values of a node label.",
        "spread=LABEL",
    ),
    "publish": Listed(
        add_port,
        remove_port,
        "PORT",
        "Publish a port: 8080:80, or published=8080,target=80,mode=host.",
        "TARGET",
        "-p",
    ),
    "secret": Listed(
        *files("secret", "/run/secrets/"), "NAME", "Grant access to a secret: a name, or source=…,target=…,mode=…."
    ),
    "sysctl": Listed(*pairs("Sysctls"), "KEY=VALUE", "Kernel parameter."),
    "ulimit": Listed(
        add_ulimit,
        remove_ulimit,
        "NAME=SOFT[:HARD]",
        "Limit of processes.",
        "NAME",
    ),
}
