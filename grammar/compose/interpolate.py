"""The interpolation phase: `${VARIABLE}` in every value, and the types that text stands for.

After `read.py`, before includes, merging and everything else that looks at values. A value at a path
of the `CASTS` table becomes a number or boolean here, because a variable can only hold text.
"""

from collections.abc import Callable
from typing import Any

from grammar.compose.node import Node, Path
from grammar.compose.path import Patterns, compile_patterns, dotted
from grammar.compose.template import Lookup, TemplateError, substitute
from grammar.compose.units import Float32
from grammar.diagnostics import Diagnostics

_TRUE = frozenset(("true", "y", "yes", "on"))
_FALSE = frozenset(("false", "n", "no", "off"))
_INT64 = range(-(1 << 63), 1 << 63)


def integer(text: str) -> int:
    """A decimal integer of 64 bits; ValueError otherwise."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()) or int(text) not in _INT64:
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def fraction(text: str) -> float:
    """A decimal fraction; ValueError otherwise."""
    if not text.isascii() or text != text.strip() or "_" in text:
        raise ValueError(f"{text!r} is not a number")
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


def fraction32(text: str) -> Float32:
    """A decimal fraction, kept to 32 bits; ValueError otherwise."""
    return Float32(fraction(text))


def boolean(text: str) -> bool:
    """A boolean word of YAML 1.1; ValueError otherwise."""
    word = text.lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError(f"{text!r} is not a boolean: write true or false")


CASTS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(
        (
            *(
                f"services.*.{key}"
                for key in (
                    *("cpu_count", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares"),
                    *("deploy.replicas", "deploy.update_config.parallelism", "deploy.rollback_config.parallelism"),
                    *("deploy.restart_policy.max_attempts", "deploy.placement.max_replicas_per_node"),
                    *("healthcheck.retries", "oom_score_adj", "pids_limit", "ports.*.target", "scale"),
                    *("ulimits.*", "ulimits.*.hard", "ulimits.*.soft"),
                )
            ),
        ),
        integer,
    ),
    **dict.fromkeys(
        (
            "services.*.cpu_percent",
            "services.*.deploy.update_config.max_failure_ratio",
            "services.*.deploy.rollback_config.max_failure_ratio",
        ),
        fraction,
    ),
    "services.*.cpus": fraction32,
    **dict.fromkeys(
        (
            *(
                f"services.*.{key}"
                for key in (
                    *("init", "healthcheck.disable", "oom_kill_disable", "privileged", "read_only"),
                    *("stdin_open", "tty", "volumes.*.read_only", "volumes.*.volume.nocopy"),
                )
            ),
            *(f"networks.*.{key}" for key in ("external", "internal", "attachable", "enable_ipv4", "enable_ipv6")),
            *("volumes.*.external", "secrets.*.external", "configs.*.external"),
        ),
        boolean,
    ),
}
_CASTS = compile_patterns(CASTS)
_NOWHERE: Patterns[Any] = Patterns()


def interpolate(root: Node, lookup: Lookup, report: Diagnostics, warned: set[str]) -> Node:
    """`root` with all variables replaced; a value that cannot be is reported and stays as it is.

    `warned` holds the variables whose absence was told already, and grows.
    """

    def visit(node: Node, casts: Patterns[Any], path: Path) -> Node:
        value = node.value
        kind = type(value)
        if kind is str:
            if "$" not in value and casts.rule is None:
                return node
            return text(node, casts, path)
        if kind is dict:
            changed = {}
            for name, child in value.items():
                # Most scalars are text without a variable at a path of no cast: pass them by.
                below = casts.below(name) or _NOWHERE
                if type(child.value) is str and below.rule is None and "$" not in child.value:
                    continue
                new = visit(child, below, (*path, name))
                if new is not child:
                    changed[name] = new
            return node._replace(value={**value, **changed}) if changed else node
        if kind is list:
            below = casts.star or _NOWHERE
            items = [visit(child, below, (*path, index)) for index, child in enumerate(value)]
            same = all(new is old for new, old in zip(items, value, strict=True))
            return node if same else node._replace(value=items)
        return node

    def text(node: Node, casts: Patterns[Any], path: Path) -> Node:
        def unset(name: str) -> None:
            if name not in warned:
                warned.add(name)
                report.warning(
                    "variable-unset",
                    f'the "{name}" variable is not set, an empty string is used',
                    node.span,
                    f"set it in the environment or in .env, or write a default: ${{{name}:-value}}",
                )

        value = node.value
        try:
            if "$" in value:
                value = substitute(value, lookup, unset)
            if casts.rule is not None:
                value = casts.rule(value)
        except TemplateError as error:
            where = dotted(path)
            if error.missing:
                hint = f"set {error.missing} in the environment or in .env"
                report.error("variable-required", f"{where}: {error}", node.span, hint)
            else:
                hint = "write $$ for a literal $; a variable is $NAME or ${NAME}, with :- :+ or :? and a word"
                report.error("interpolation-invalid", f"{where}: {error}", node.span, hint)
            return node
        except ValueError as error:
            report.error("wrong-type", f"{dotted(path)}: {error}", node.span)
            return node
        return node if value == node.value and type(value) is str else node._replace(value=value)

    return visit(root, _CASTS, ())
