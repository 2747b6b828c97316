"""`stackferry up`: run the stack of this folder with swarm's semantics, and keep it running."""

from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Pull, WaitTimeout
from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.stack_options import stack_options
from stackferry.session import Session
from stackferry.up.background import bring_up

if TYPE_CHECKING:
    from stackferry.up.options import Until


Many = list[str] | None


@stack_options
def up(
    session: Session,
    services: Annotated[
        list[str] | None, Argument(metavar="[SERVICE]...", help="Only these services and their dependencies.")
    ] = None,
    detach: Annotated[bool, Option("-d", "--detach", help="Run in the background, kept by a manager.")] = False,
    wait: Annotated[bool, Option("--wait", help="Same as -d, which always waits.")] = False,
    build: Annotated[bool, Option("--build", help="Build images even if they exist.")] = False,
    no_build: Annotated[bool, Option("--no-build", help="Do not build images.")] = False,
    pull: Annotated[Pull | None, Option("--pull", help="When to pull images.")] = None,
    nodes: Annotated[int, Option("--nodes", metavar="N", low=0, high=254, help="Number of virtual nodes.")] = 0,
    scale: Annotated[
        list[str] | None, Option("--scale", metavar="SERVICE=N", help="Override the number of replicas.")
    ] = None,
    no_deps: Annotated[bool, Option("--no-deps", help="Without the dependencies of the named services.")] = False,
    force_recreate: Annotated[
        bool, Option("--force-recreate", help="Replace tasks even if nothing has changed.")
    ] = False,
    always_recreate_deps: Annotated[
        bool, Option("--always-recreate-deps", help="Replace the tasks of dependencies, too.")
    ] = False,
    keep_orphans: Annotated[
        bool, Option("--keep-orphans", help="Keep services that are no longer in the files.")
    ] = False,
    remove_orphans: Annotated[
        bool, Option("--remove-orphans", help="Remove services that are no longer in the files (the default).")
    ] = False,
    timeout: Annotated[
        float | None,
        Option("-t", "--timeout", metavar="SECONDS", help="Grace period before a replaced task is killed."),
    ] = None,
    abort_on_container_exit: Annotated[
        bool, Option("--abort-on-container-exit", help="Stop the stack when a task ends, and exit with its code.")
    ] = False,
    abort_on_container_failure: Annotated[
        bool, Option("--abort-on-container-failure", help="Stop the stack when a task fails, and exit with its code.")
    ] = False,
    exit_code_from: Annotated[
        str | None,
        Option(
            "--exit-code-from",
            metavar="SERVICE",
            help="Stop the stack when a task ends, and exit with the code of this service.",
        ),
    ] = None,
    strict_swarm: Annotated[bool, Option("--strict-swarm", help="Refuse what a real swarm refuses.")] = False,
    bug_compatible: Annotated[
        bool, Option("--bug-compatible", help="Reproduce bugs of a real swarm: jobs that never give up.")
    ] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Show what would be done, and why; do nothing.")] = False,
    quiet: Annotated[bool, Option("-q", "--quiet", help="Hide progress and the output of tasks.")] = False,
    wait_timeout: WaitTimeout = None,
    no_recreate: Annotated[bool, Option("--no-recreate", help="Do not replace tasks, whatever has changed.")] = False,
    attach: Annotated[
        Many, Option("--attach", metavar="SERVICE", help="Only show the output of this service; may be repeated.")
    ] = None,
    no_attach: Annotated[
        Many, Option("--no-attach", metavar="SERVICE", help="Hide the output of this service.")
    ] = None,
    no_color: Annotated[bool, Option("--no-color", help="Do not colour the output of tasks.")] = False,
    no_log_prefix: Annotated[
        bool, Option("--no-log-prefix", help="Do not prefix lines of output with their task.")
    ] = False,
    timestamps: Annotated[bool, Option("--timestamps", help="Show timestamps.")] = False,
    _renew: Annotated[
        bool, Option("-V", "--renew-anon-volumes", help="Accepted; tasks always get new anonymous volumes.")
    ] = False,
    no_start: Annotated[bool, Option("--no-start", hidden=True)] = False,
    watch: Annotated[bool, Option("-w", "--watch", hidden=True)] = False,
    _attach_dependencies: Annotated[bool, Option("--attach-dependencies", hidden=True)] = False,
    _menu: Annotated[bool, Option("--menu", hidden=True)] = False,
    _yes: Annotated[bool, Option("-y", "--yes", hidden=True)] = False,
    quiet_build: Annotated[bool, Option("--quiet-build", help="Hide the output of the builder.")] = False,
    quiet_pull: Annotated[bool, Option("--quiet-pull", help="Hide the progress of pulls.")] = False,
) -> int:
    """Run the stack, or bring what runs up to date.

    Progress is shown on standard error until all services have converged; then the URLs of published ports are
    printed. Without -d, `up` stays in the foreground, shows the output of tasks, and acts as the stack's manager
    unless one runs already: Ctrl-C stops the stack, a second Ctrl-C leaves it running. The exit code is 1 if a
    service cannot converge. -d waits until tasks without a health check have run for two seconds, or for five if
    one of them has failed before.
    """
    from stackferry.deploy.request import DeployRequest, Flavour, ImagePolicy, Rollout, ServiceSelection
    from stackferry.up.options import Shown

    background = detach or wait
    until = _until(exit_code_from, on_end=abort_on_container_exit, on_failure=abort_on_container_failure)
    _refuse_both(background and until is not None, "--abort-on-container-exit and the like", "-d")
    _refuse_both(build and no_build, "--build", "--no-build")
    _refuse_both(keep_orphans and remove_orphans, "--keep-orphans", "--remove-orphans")
    _refuse_both(no_recreate and force_recreate, "--no-recreate", "--force-recreate")
    _refuse_both(no_recreate and always_recreate_deps, "--no-recreate", "--always-recreate-deps")
    _refuse(no_start, "create")
    _refuse(watch, "watch")
    request = DeployRequest(
        ServiceSelection(
            named=tuple(services or ()),
            with_dependencies=not no_deps,
            required=(*filter(None, [exit_code_from]), *(attach or ()), *(no_attach or ())),
            replicas=tuple(_scale(one) for one in scale or ()),
        ),
        ImagePolicy(
            build="always" if build else "never" if no_build else "missing",
            pull=pull,
            quiet_build=quiet or quiet_build,
            quiet_pull=quiet or quiet_pull,
        ),
        Rollout(
            recreate="always" if force_recreate else "never" if no_recreate else "changed",
            recreate_dependencies=always_recreate_deps,
            follow_images=True,
            prune=not keep_orphans,
            grace=timeout,
            nodes=nodes,
        ),
        Flavour(strict=strict_swarm, bug_compatible=bug_compatible),
    )
    if dry_run:
        from stackferry.deploy.plan import planned
        from stackferry.engine import connect

        print(planned(session, connect(session), request), end="")
        return 0
    shown = Shown(tuple(attach or ()), tuple(no_attach or ()), bare=no_log_prefix, plain=no_color, times=timestamps)
    return bring_up(session, request, detach=background, quiet=quiet, timeout=wait_timeout, until=until, shown=shown)


def _until(exit_code_from: str | None, *, on_end: bool, on_failure: bool) -> "Until | None":
    if exit_code_from is None and not on_end and not on_failure:
        return None
    from stackferry.up.options import Until

    return Until(failures_only=on_failure and not on_end and exit_code_from is None, code_of=exit_code_from or "")


def _refuse_both(both: bool, option: str, other: str) -> None:
    if both:
        raise WrongValueError(f"{option} and {other} cannot be used together", option=other)


def _refuse(asked: bool, command: str) -> None:
    if asked:
        from stackferry.options.unsupported import HINTS

        raise WrongValueError(HINTS[command], option={"create": "--no-start", "watch": "--watch"}[command])


def _scale(text: str) -> tuple[str, int]:
    name, found, count = text.partition("=")
    if not found or not count.isdigit():
        raise WrongValueError(f"{text!r} is not in the form SERVICE=N", option="--scale")
    return name, int(count)
