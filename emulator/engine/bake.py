"""The file of `docker buildx bake` for a build and the builds that it copies from. Pure.

`docker_command.py` passes it to bake on standard input, so that build arguments appear on no command line.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping

from stackferry.emulator.engine.image import BuildOptions, BuildSecret, Linked

Sources = Mapping[BuildSecret, str]
"""Where the client finds the content of each secret: `type=env,env=NAME` or `type=file,src=PATH`."""
_INSECURE = "security.insecure"
_TARGET = "target:"


def bake_file(context: str, options: BuildOptions, sources: Sources) -> str:
    """The file as JSON; the default target's image goes to the engine."""
    main = _main(options)
    targets = {name: _target(one, sources) for name, one in linked(options)}
    targets[main] = {**_target(Linked(context, options), sources), "output": ["type=docker"]}
    return json.dumps({"group": {"default": {"targets": [main]}}, "target": targets})


def grants(options: BuildOptions) -> tuple[str, ...]:
    """What bake must be allowed to do: it asks before a bake file may read files, but our file can be trusted."""
    every = (options, *(one.options for _, one in linked(options)))
    wanted = [right for one in every for right in _entitlements(one)]
    return tuple(dict.fromkeys(("fs=*", "ssh", *wanted)))


def linked(options: BuildOptions) -> Iterator[tuple[str, Linked]]:
    """All builds that it copies from, directly or indirectly; some perhaps several times."""
    for name, link in options.linked.items():
        yield name, link
        yield from linked(link.options)


def fields(*values: str) -> str:
    """Values joined with commas, as BuildKit reads secrets: values that contain commas are quoted."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


def secret(build_secret: BuildSecret, sources: Sources) -> str:
    """A secret in the format of `--secret`."""
    if build_secret.file:
        return fields(f"id={build_secret.id}", "type=file", f"src={build_secret.file}")
    return f"{fields(f'id={build_secret.id}')},{sources[build_secret]}"


def ssh(options: BuildOptions) -> Iterator[str]:
    """Keys and sockets in the format of `--ssh`."""
    for name, place in options.ssh.items():
        yield f"{name}={place}" if place else name


def _main(options: BuildOptions) -> str:
    names, name = {name for name, _ in linked(options)}, "main"
    while name in names:
        name += "_"
    return name


def _entitlements(options: BuildOptions) -> tuple[str, ...]:
    return (*options.entitlements, *((_INSECURE,) if options.privileged else ()))


def _target(build: Linked, sources: Sources) -> dict[str, object]:
    """One target, without keys that have no value."""
    wanted = build.options
    found: dict[str, object] = {
        "context": build.context,
        "contexts": wanted.contexts,
        "dockerfile": "" if wanted.inline else wanted.dockerfile,
        "dockerfile-inline": wanted.inline,
        "args": {name: value for name, value in wanted.args.items() if value is not None},
        "labels": wanted.labels,
        "tags": wanted.tags,
        "cache-from": wanted.cache_from,
        "cache-to": wanted.cache_to,
        "target": wanted.target,
        "secret": [secret(each, sources) for each in wanted.secrets],
        "ssh": [*ssh(wanted)],
        "platforms": [wanted.platform] if wanted.platform else [],
        "pull": wanted.pull,
        "no-cache": wanted.no_cache,
        "no-cache-filter": wanted.no_cache_filter,
        "network": wanted.network,
        "shm-size": str(wanted.shm_size) if wanted.shm_size else "",
        "ulimits": [f"{name}={limit}" for name, limit in wanted.ulimits.items()],
        "entitlements": _entitlements(wanted),
        "extra-hosts": {host: ",".join(addresses) for host, addresses in wanted.extra_hosts.items()},
        "attest": [*_attestations(wanted)],
    }
    return {key: _literal(value) for key, value in found.items() if value}


def _attestations(options: BuildOptions) -> Iterator[str]:
    for kind, said in (("provenance", options.provenance), ("sbom", options.sbom)):
        if said:
            how = {"true": "", "false": ",disabled=true"}.get(said, f",{said}")
            yield f"type={kind}{how}"


def _literal(value: object) -> object:
    """A value in which bake does not expand `${…}` and `%{…}` as its own variables."""
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, Mapping):
        return {_literal(key): _literal(one) for key, one in value.items()}
    return [_literal(one) for one in value] if isinstance(value, list | tuple) else value
