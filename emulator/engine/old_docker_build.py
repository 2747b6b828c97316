"""`docker build` of docker commands before 23, which contain the client of BuildKit: its arguments. Pure."""

from collections.abc import Iterator, Mapping

from stackferry.emulator.engine.bake import Sources, secret, ssh
from stackferry.emulator.engine.image import BuildOptions
from stackferry.grammar.regex import regex

NO_LONGER = 23
"""From this version on the command needs its buildx plugin."""
_CAN = frozenset(("extra_hosts", "secrets", "ssh"))
"""The keys beyond the engine's API that it supports."""
_DIGEST = regex(r"#\d+ sha256:[0-9a-f]{64}")
_NOT_OURS = regex(r"(?i:docker|buildx|buildkit|compose|otel|ssl|ssh|xdg)_.*|GO[A-Z]+|(?i:\w+_proxy)|HOME|PATH|TMPDIR")
"""Variables that the command itself uses."""


def beyond(options: BuildOptions, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that are beyond both the API and this command, and others that it does not know."""
    others = ("shm_size",) if options.shm_size else ()
    return tuple(key for key in (*keys, *others) if key not in _CAN)


def command(
    context: str, options: BuildOptions, sources: Sources, environment: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """The arguments after `docker build`, and the variables that they refer to, which hold build arguments.

    Only build arguments whose variables the command itself would use are passed with their values.
    """
    arguments = {name: value for name, value in options.args.items() if value is not None}
    hidden = {
        name: value
        for name, value in arguments.items()
        if environment.get(name, value) == value and not _NOT_OURS.fullmatch(name)
    }
    words = ["--progress=plain", *_words(options, sources)]
    words += [
        f"--build-arg={name}" if name in hidden else f"--build-arg={name}={arguments[name]}" for name in arguments
    ]
    words += ["--file=-"] if options.inline else []
    if options.dockerfile and not options.inline:
        is_remote = "://" in context
        words.append(f"--file={options.dockerfile if is_remote else _joined(context, options.dockerfile)}")
    return [*words, "--", context], hidden


def _words(options: BuildOptions, sources: Sources) -> Iterator[str]:
    for flag, values in (
        ("tag", options.tags),
        ("label", (f"{name}={value}" for name, value in options.labels.items())),
        ("cache-from", options.cache_from),
        ("add-host", (f"{host}:{one}" for host, addresses in options.extra_hosts.items() for one in addresses)),
        ("secret", (secret(one, sources) for one in options.secrets)),
        ("ssh", ssh(options)),
        ("target", filter(None, (options.target,))),
        ("network", filter(None, (options.network,))),
        ("platform", filter(None, (options.platform,))),
    ):
        yield from (f"--{flag}={value}" for value in values)
    yield from (f"--{flag}" for flag, is_set in (("no-cache", options.no_cache), ("pull", options.pull)) if is_set)


def _joined(context: str, dockerfile: str) -> str:
    """A path relative to the context, joined with the context."""
    return dockerfile if dockerfile.startswith("/") else f"{context.rstrip('/')}/{dockerfile}"


def shown(line: str) -> str:
    """A line of its progress, empty if it has no meaning for a person."""
    return "" if _DIGEST.fullmatch(line) else line
