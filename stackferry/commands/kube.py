"""`stackferry kube …`: the stack on any cluster of a kubeconfig, without a machine of ours."""

import sys
from collections.abc import Iterable
from typing import Annotated

from stackferry.options.declaration import Option
from stackferry.options.stack_options import load_stack, stack_options
from stackferry.options.translation_options import TranslationChoice, translation_options
from stackferry.session import Session

Context = Annotated[str | None, Option("--context", metavar="NAME", help="Context of the kubeconfig.")]
Kubeconfig = Annotated[
    str | None, Option("--kubeconfig", metavar="FILE", help="Path of the kubeconfig, instead of KUBECONFIG.")
]
Patience = Annotated[
    float, Option("--wait-timeout", metavar="SECONDS", low=0, help="Maximum time to wait. Default: 600.")
]
Registry = Annotated[
    str | None,
    Option("--registry", metavar="HOST/PATH", help="Registry to push the stack's own images to."),
]
Recreate = Annotated[
    list[str] | None,
    Option(
        "--recreate",
        metavar="KIND/NAME",
        help="Delete and recreate this object if it cannot be changed; the error that suggests it tells what is lost.",
    ),
]
Namespace = Annotated[
    str | None,
    Option("-n", "--namespace", metavar="NAME", help="Namespace of the stack. Default: the stack's name."),
]


@stack_options
@translation_options
def up(
    session: Session,
    choice: TranslationChoice,
    context: Context = None,
    kubeconfig: Kubeconfig = None,
    yes: Annotated[bool, Option("-y", "--yes", help="Do not ask before the first apply to this cluster.")] = False,
    force: Annotated[bool, Option("--force-conflicts", help="Take over fields that others have set.")] = False,
    registry: Registry = None,
    recreate: Recreate = None,
    wait_timeout: Patience = 600.0,
) -> int:
    """Apply the stack to a cluster and wait until it runs.

    Everything goes into a namespace that has the stack's name. Objects that the stack no longer has are removed,
    except volume claims and their data. Before the first apply to a namespace you are asked. URLs are printed on
    standard output; how to reach ports that are meant for this machine alone is printed on standard error.
    """
    from stackferry.kube.bring_up import ApplyOptions, agreed, bring_up
    from stackferry.kube.delivery import delivery
    from stackferry.kube.target import cluster
    from stackferry.kube.translated import namespace_of, translated
    from stackferry.kube.urls import SOON, forwards, found, lines

    loaded = load_stack(session)
    client = cluster(context, kubeconfig)
    images = delivery(session, client, loaded.project, registry, loaded.origin)
    there = agreed(session, client, loaded.name, namespace_of(loaded.name, choice), yes=yes)
    made = translated(session, choice, loaded, images, send=True)
    code = bring_up(session, client, made, there, ApplyOptions(force, wait_timeout, tuple(recreate or ())))
    _print(lines(found(client, made.translation.project.name, made.namespace), SOON))
    for line in forwards(made.translation.doors, client.context):
        session.note(line)
    return code


@stack_options
@translation_options
def plan(
    session: Session,
    choice: TranslationChoice,
    context: Context = None,
    kubeconfig: Kubeconfig = None,
    force: Annotated[
        bool, Option("--force-conflicts", help="Show the plan as if fields that others have set were taken over.")
    ] = False,
    registry: Registry = None,
    recreate: Recreate = None,
) -> int:
    """Show what `kube up` would change; nothing is applied.

    The cluster itself is asked about each object. The exit code is 1 if something cannot be changed.
    """
    from stackferry.kube.copies import due
    from stackferry.kube.delivery import delivery
    from stackferry.kube.target import cluster
    from stackferry.kube.translated import translated
    from stackferry.translator.cluster.held import held
    from stackferry.translator.cluster.plan import plan as planned

    loaded = load_stack(session)
    client = cluster(context, kubeconfig)
    images = delivery(session, client, loaded.project, registry, loaded.origin)
    made = translated(session, choice, loaded, images, send=False)
    there = held(client, made.translation.project.name, made.namespace)
    found = planned(client, made.translation, there, made.namespace, force=force, recreate=recreate or ())
    sys.stdout.write(str(found))
    _print(map(str, due(made, there)))
    session.note(f"{made.loaded.name} on {client.context}: {found.summary()}")
    return int(found.is_blocked)


@stack_options
def down(
    session: Session,
    context: Context = None,
    kubeconfig: Kubeconfig = None,
    namespace: Namespace = None,
    volumes: Annotated[bool, Option("--volumes", help="Remove volume claims and their data, too.")] = False,
    wait_timeout: Patience = 600.0,
) -> int:
    """Remove the stack from a cluster.

    Waits until everything is gone. Volume claims are kept, and with them the namespace.
    """
    from stackferry.kube.take_down import take_down
    from stackferry.kube.target import cluster

    project, place = _stack(session, namespace)
    client = cluster(context, kubeconfig)
    return take_down(session, client, project, place, volumes=volumes, patience=wait_timeout)


@stack_options
def status(
    session: Session, context: Context = None, kubeconfig: Kubeconfig = None, namespace: Namespace = None
) -> int:
    """Show the state of each workload.

    With the reason why pods do not run. The exit code is 1 if a workload is not ready.
    """
    import time

    from stackferry.kube.target import cluster
    from stackferry.translator.cluster.wait import Waiting

    project, place = _stack(session, namespace)
    client = cluster(context, kubeconfig)
    standings = Waiting(client, project, place, None, time.monotonic, time.sleep).look()
    if not standings:
        session.note(f"nothing of {project} is running in namespace {place} of context {client.context}")
        return 1
    _print(one.text for one in standings)
    return int(not all(one.is_done for one in standings))


@stack_options
def urls(session: Session, context: Context = None, kubeconfig: Kubeconfig = None, namespace: Namespace = None) -> None:
    """Print the URLs of published ports.

    Each TCP port is tried with a connection.
    """
    from stackferry.kube.target import cluster
    from stackferry.kube.urls import found, lines

    project, place = _stack(session, namespace)
    _print(lines(found(cluster(context, kubeconfig), project, place)))


def _stack(session: Session, namespace: str | None) -> tuple[str, str]:
    """The stack's name and its namespace; `-p` says both without a file."""
    from stackferry.kube.translated import namespace_of

    project = session.stack.project_name or load_stack(session).name
    return project, namespace_of(project, TranslationChoice(namespace=namespace))


def _print(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()
