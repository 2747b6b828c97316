"""Checks finished manifests for errors that the API's schema cannot express and kubectl would report only later.

Each check of `checks/` is a function from the objects to complaints; `check` runs them all. `convert`
runs it on its own output, tests run it on everything: a complaint about our own output is a bug of ours.
"""

from collections.abc import Callable, Collection, Iterable

from stackferry.grammar.diagnostics import Diagnostic, Severity
from stackferry.translator.checks.claims import check_claims
from stackferry.translator.checks.complaint import Complaints
from stackferry.translator.checks.containers import check_containers
from stackferry.translator.checks.cron_jobs import check_cron_jobs
from stackferry.translator.checks.names import check_labels, check_names
from stackferry.translator.checks.references import check_env_from, check_references, check_sizes
from stackferry.translator.checks.routes import check_routes
from stackferry.translator.checks.services import check_ports, check_selectors
from stackferry.translator.checks.waits import check_waits
from stackferry.translator.checks.workloads import check_sets, check_strategies
from stackferry.translator.manifest.manifests import Manifest

_CHECKS: tuple[Callable[[tuple[Manifest, ...]], Complaints], ...] = (
    check_names,
    check_labels,
    check_selectors,
    check_ports,
    check_containers,
    check_claims,
    check_routes,
    check_strategies,
    check_sets,
    check_cron_jobs,
    check_sizes,
    check_env_from,
    check_waits,
)


def check(objects: Iterable[Manifest], existing: Collection[str] = ()) -> tuple[Diagnostic, ...]:
    """Complaints about `objects`; `existing` has the `Kind/name` of objects said to be in the cluster already."""
    manifests = tuple(objects)
    found = [complaint for one in _CHECKS for complaint in one(manifests)]
    found += list(check_references(manifests, existing))
    return tuple(Diagnostic(code, Severity.ERROR, f"{one.id}: {text}") for one, code, text in found)
