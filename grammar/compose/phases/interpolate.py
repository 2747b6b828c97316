"""The interpolation phase: replaces `${VARIABLE}` in every value, and converts text to other types.

After `compose/tree/read.py`, before includes, merging and everything else that looks at values. A value at a path
of the `CASTS` table becomes a number or boolean here, because a variable can only hold text.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from stackferry.grammar.compose.phases.template import Allowance, Lookup, TemplateError, substitute
from stackferry.grammar.compose.syntax.units import fraction32
from stackferry.grammar.compose.tree.containers import CONTAINER_PATHS, WORKLOAD_PATHS, for_each
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.path import Patterns, compile_patterns
from stackferry.grammar.compose.tree.scalars import boolean, fraction, integer, literal
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import Path, dotted
from stackferry.grammar.source import Span

Cast = Callable[[str], Any]
_CONTAINER: dict[str, Cast] = {
    **dict.fromkeys(
        (
            *("cpu_count", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares"),
            *("oom_score_adj", "pids_limit", "ulimits.*", "ulimits.*.hard", "ulimits.*.soft"),
        ),
        integer,
    ),
    **dict.fromkeys(
        (
            *("init", "networks.*.use_service_name_alias", "oom_kill_disable", "privileged", "read_only"),
            *("volumes.*.read_only", "volumes.*.volume.nocopy"),
        ),
        boolean,
    ),
    "cpu_percent": fraction,
    "cpus": fraction32,
    "umask": literal,
}
_WORKLOAD: dict[str, Cast] = {
    **dict.fromkeys(("healthcheck.retries", "ports.*.target"), integer),
    **dict.fromkeys(
        ("depends_on.*.required", "depends_on.*.restart", "healthcheck.disable", "stdin_open", "tty"), boolean
    ),
}
_SERVICE: dict[str, Cast] = {
    **dict.fromkeys(
        (
            *("deploy.replicas", "deploy.update_config.parallelism", "deploy.rollback_config.parallelism"),
            *("deploy.restart_policy.max_attempts", "deploy.placement.max_replicas_per_node", "scale"),
        ),
        integer,
    ),
    **dict.fromkeys(("deploy.update_config.max_failure_ratio", "deploy.rollback_config.max_failure_ratio"), fraction),
}
CASTS: dict[str, Cast] = {
    **for_each(CONTAINER_PATHS, _CONTAINER),
    **for_each(WORKLOAD_PATHS, _WORKLOAD),
    **for_each(("services.*",), _SERVICE),
    **dict.fromkeys(
        (
            *(f"networks.*.{key}" for key in ("external", "internal", "attachable", "enable_ipv4", "enable_ipv6")),
            *("volumes.*.external", "secrets.*.external", "configs.*.external"),
        ),
        boolean,
    ),
}
_CASTS = compile_patterns(CASTS)
_NOWHERE: Patterns[Cast] = Patterns()
_SYNTAX = "write $$ for a literal $; a variable is written $NAME or ${NAME}, with :-default, :+replacement or :?message"


_ALIKE = 0.85
"""How similar a set variable must be to an unset one for a hint: DB_PORT is no misspelling of DB_HOST."""


def interpolate(
    root: Node,
    lookup: Lookup,
    report: Diagnostics,
    warned: set[str],
    known: Collection[str] = (),
    allowance: Allowance | None = None,
    sources: Mapping[str, str] | None = None,
) -> Node:
    """`root` with all variables replaced; a value that cannot be interpolated is reported and stays as it is.

    `warned` holds the variables already reported as unset, and grows; `known` are the set variables;
    `allowance` bounds what the values of variables, and variables inside variables, may cost; `sources` are the
    texts of files by name, for the exact place of a mistake within a value.
    """
    return _Interpolation(lookup, report, warned, known, allowance or Allowance(), sources or {}).visit(
        root, _CASTS, ()
    )


def span_of_dollar(node: Node, error: TemplateError, sources: Mapping[str, str]) -> Span | None:
    """The place of the `$` that an error is about; the value's own place if the `$` cannot be found."""
    text = sources.get(node.mark.name) if node.mark is not None else None
    if error.at is None or node.mark is None or text is None:
        return node.span
    # In the file a value may have quotes, escapes and indentation, but its dollar signs come in the same order.
    before = node.value.count("$", 0, error.at)
    lines = text.splitlines()[node.mark.line :]
    for number, line in enumerate(lines):
        column = node.mark.column if number == 0 else 0
        while (column := line.find("$", column)) >= 0:
            if before == 0:
                return Span(node.mark.name, node.mark.line + number + 1, column + 1)
            before -= 1
            column += 1
    return node.span


class _Interpolation:
    """One walk through a document, pattern tree and value tree together."""

    def __init__(
        self,
        lookup: Lookup,
        report: Diagnostics,
        warned: set[str],
        known: Collection[str],
        allowance: Allowance,
        sources: Mapping[str, str],
    ) -> None:
        self.sources = sources
        self.lookup = allowance.watch(lookup)
        self.nested = allowance.parse
        self.known = known
        self.report = report
        self.warned = warned

    def visit(self, node: Node, casts: Patterns[Cast], path: Path) -> Node:
        kind = type(node.value)
        if kind is dict:
            return self.mapping(node, casts, path)
        if kind is list:
            below = casts.star or _NOWHERE
            items = [self.visit(child, below, (*path, index)) for index, child in enumerate(node.value)]
            same = all(new is old for new, old in zip(items, node.value, strict=True))
            return node if same else node.holding(items)
        if kind is str and (casts.rule is not None or "$" in node.value):
            return self.text(node, casts.rule, path)
        return node

    def mapping(self, node: Node, casts: Patterns[Cast], path: Path) -> Node:
        changed = {}
        for name, child in node.value.items():
            below = casts.below(name) or _NOWHERE
            # Fast path: most scalars are text without a variable, at a path without a cast.
            if type(child.value) is str and below.rule is None and "$" not in child.value:
                continue
            new = self.visit(child, below, (*path, name))
            if new is not child:
                changed[name] = new
        return node.holding({**node.value, **changed}) if changed else node

    def text(self, node: Node, cast: Cast | None, path: Path) -> Node:
        value = node.value
        try:
            if "$" in value:
                value = substitute(value, self.lookup, partial(self.unset, node), self.nested)
            if cast is not None:
                value = cast(value)
        except TemplateError as error:
            code, hint = "interpolation-invalid", _SYNTAX
            if error.missing:
                code, hint = (
                    "variable-required",
                    self.remedy(error.missing, f"set {error.missing} in the environment or in .env"),
                )
            self.report.error(code, f"{dotted(path)}: {error}", span_of_dollar(node, error, self.sources), hint)
        except ValueError as error:
            self.report.error("wrong-type", f"{dotted(path)}: {error}", node.span)
        else:
            if value != node.value or type(value) is not str:
                return node.holding(value)
        return node

    def unset(self, node: Node, name: str) -> None:
        """Warn of a variable without a value, once."""
        if name not in self.warned:
            self.warned.add(name)
            self.report.warning(
                "variable-unset",
                f'the "{name}" variable is not set, an empty string is used',
                node.span,
                self.remedy(name, f"set it in the environment or in .env, or write a default: ${{{name}:-value}}"),
            )

    def remedy(self, name: str, otherwise: str) -> str:
        """The hint for a variable that is not set."""
        close = self.report.suggestions.closest(name, self.known, _ALIKE)
        return f"did you mean ${close}?" if close else otherwise
