"""`stackferry up`: run the stack of this folder with swarm's semantics, and keep it running."""

from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Pull, WaitTimeout
from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.stack_options import stack_options
from stackferry.session import Session
from stackferry.up.background import bring_up, show_plan

if TYPE_CHECKING:
    from stackferry.up.options import Until


Many = list[str] | None


@stack_options
def up(
    session: Session,
    services: Annotated[
        list[str] | None, Argument(metavar="[SERVICE]...", help="Only these, and what they depend on.")
    ] = None,
    detach: Annotated[bool, Option("-d", "--detach", help="Let a manager keep it in the background.")] = False,
    wait: Annotated[bool, Option("--wait", help="The same as -d, which waits too.")] = False,
    build: Annotated[bool, Option("--build", help="Build images even if they are there.")] = False,
    no_build: Annotated[bool, Option("--no-build", help="Build nothing.")] = False,
    pull: Annotated[
        Pull | None, Option("--pull", help="Fetch images: all of them, those that are not here, none.")
    ] = None,
    nodes: Annotated[int, Option("--nodes", metavar="N", low=0, high=254, help="Run on so many virtual nodes.")] = 0,
    scale: Annotated[
        list[str] | None, Option("--scale", metavar="SERVICE=N", help="Another number of replicas.")
    ] = None,
    no_deps: Annotated[bool, Option("--no-deps", help="Without what the named services depend on.")] = False,
    force_recreate: Annotated[
        bool, Option("--force-recreate", help="Replace tasks though nothing has changed.")
    ] = False,
    always_recreate_deps: Annotated[
        bool, Option("--always-recreate-deps", help="The same of what the named services depend on.")
    ] = False,
    keep_orphans: Annotated[
        bool, Option("--keep-orphans", help="Leave services alone that the files no longer have.")
    ] = False,
    remove_orphans: Annotated[bool, Option("--remove-orphans", help="Remove them: the default.")] = False,
    timeout: Annotated[
        float | None,
        Option("-t", "--timeout", metavar="SECONDS", help="Grace before a task is killed that is replaced."),
    ] = None,
    abort_on_container_exit: Annotated[
        bool, Option("--abort-on-container-exit", help="Stop all when a task ends; its exit code is ours.")
    ] = False,
    abort_on_container_failure: Annotated[
        bool, Option("--abort-on-container-failure", help="The same when a task fails.")
    ] = False,
    exit_code_from: Annotated[
        str | None,
        Option("--exit-code-from", metavar="SERVICE", help="Stop all when a task ends; that one's code is ours."),
    ] = None,
    strict_swarm: Annotated[bool, Option("--strict-swarm", help="Refuse what a real swarm refuses.")] = False,
    bug_compatible: Annotated[
        bool, Option("--bug-compatible", help="Have a real swarm's bugs: jobs that never give up.")
    ] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Print what would be done and why; do nothing.")] = False,
    quiet: Annotated[bool, Option("-q", "--quiet", help="No progress, and no output of tasks.")] = False,
    wait_timeout: WaitTimeout = None,
    no_recreate: Annotated[bool, Option("--no-recreate", help="Replace no task, whatever has changed.")] = False,
    attach: Annotated[
        Many, Option("--attach", metavar="SERVICE", help="Show the output of only this; may be repeated.")
    ] = None,
    no_attach: Annotated[Many, Option("--no-attach", metavar="SERVICE", help="Do not show the output of this.")] = None,
    no_color: Annotated[bool, Option("--no-color", help="No colours in the output of tasks.")] = False,
    no_log_prefix: Annotated[bool, Option("--no-log-prefix", help="Lines of output without their task.")] = False,
    timestamps: Annotated[bool, Option("--timestamps", help="Show the time of each line of output.")] = False,
    _renew: Annotated[
        bool, Option("-V", "--renew-anon-volumes", help="New volumes where they have no name: always so.")
    ] = False,
    no_start: Annotated[bool, Option("--no-start", hidden=True)] = False,
    watch: Annotated[bool, Option("-w", "--watch", hidden=True)] = False,
    _attach_dependencies: Annotated[bool, Option("--attach-dependencies", hidden=True)] = False,
    _menu: Annotated[bool, Option("--menu", hidden=True)] = False,
    _yes: Annotated[bool, Option("-y", "--yes", hidden=True)] = False,
    quiet_build: Annotated[bool, Option("--quiet-build", help="No output of the builder.")] = False,
    quiet_pull: Annotated[bool, Option("--quiet-pull", help="Do not tell what is fetched.")] = False,
) -> int:
    """Run a stack.

    Progress goes to standard error until every service has converged; then the URLs of published ports.
    Without -d it stays in the foreground, as the manager if there is none yet, and shows what the tasks write: Ctrl-C
    stops the stack, Ctrl-C again leaves it as it is. Exit code 1 if a service cannot converge, with the reason:
    -d waits until tasks without a health check have run for two seconds, and for five once one of theirs has failed.
    """
    from stackferry.deploy.deploy import Wish
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
    wish = Wish(
        only=tuple(services or ()),
        build=build,
        nodes=nodes,
        prune=not keep_orphans,
        strict=strict_swarm,
        bug_compatible=bug_compatible,
        scale=tuple(_scale(one) for one in scale or ()),
        alone=no_deps,
        anew=force_recreate,
        deps_anew=always_recreate_deps,
        no_build=no_build,
        pull=pull or "",
        grace=timeout,
        known=(*filter(None, [exit_code_from]), *(attach or ()), *(no_attach or ())),
        kept=no_recreate,
        by_image=True,
        quiet_build=quiet or quiet_build,
        quiet_pull=quiet or quiet_pull,
    )
    if dry_run:
        show_plan(session, wish)
        return 0
    shown = Shown(tuple(attach or ()), tuple(no_attach or ()), bare=no_log_prefix, plain=no_color, times=timestamps)
    return bring_up(session, wish, detach=background, quiet=quiet, timeout=wait_timeout, until=until, shown=shown)


def _until(exit_code_from: str | None, *, on_end: bool, on_failure: bool) -> "Until | None":
    if exit_code_from is None and not on_end and not on_failure:
        return None
    from stackferry.up.options import Until

    return Until(failures_only=on_failure and not on_end and exit_code_from is None, code_of=exit_code_from or "")


def _refuse_both(both: bool, one: str, other: str) -> None:
    if both:
        raise WrongValueError(f"{one} and {other} exclude each other", option=other)


def _refuse(asked: bool, command: str) -> None:
    if asked:
        from stackferry.options.unsupported import HINTS

        raise WrongValueError(HINTS[command], option={"create": "--no-start", "watch": "--watch"}[command])


def _scale(text: str) -> tuple[str, int]:
    name, found, count = text.partition("=")
    if not found or not count.isdigit():
        raise WrongValueError(f"{text!r} is not SERVICE=N", option="--scale")
    return name, int(count)
