"""`stackferry kube …`: the stack on any cluster of a kubeconfig, without a machine of ours."""

import sys
from collections.abc import Iterable
from typing import Annotated

from stackferry.options.declaration import Option
from stackferry.options.stack_options import load_stack, stack_options
from stackferry.options.translation_options import TranslationChoice, translation_options
from stackferry.session import Session

Context = Annotated[str | None, Option("--context", metavar="NAME", help="Which cluster: a context of the kubeconfig.")]
Kubeconfig = Annotated[
    str | None, Option("--kubeconfig", metavar="FILE", help="The kubeconfig, instead of KUBECONFIG's.")
]
Patience = Annotated[
    float, Option("--wait-timeout", metavar="SECONDS", low=0, help="How long to wait at most. Default: 600.")
]
Registry = Annotated[
    str | None,
    Option(
        "--registry", metavar="HOST/PATH", help="Where images that are built here go, so that the cluster has them."
    ),
]
Recreate = Annotated[
    list[str] | None,
    Option(
        "--recreate",
        metavar="KIND/NAME",
        help="Make this object anew if it cannot be changed; the error that asks for it says what is lost.",
    ),
]
Namespace = Annotated[
    str | None,
    Option("-n", "--namespace", metavar="NAME", help="The namespace of the stack, if it is not called like it."),
]


@stack_options
@translation_options
def up(
    session: Session,
    choice: TranslationChoice,
    context: Context = None,
    kubeconfig: Kubeconfig = None,
    yes: Annotated[bool, Option("-y", "--yes", help="Apply to this cluster for the first time, too.")] = False,
    force: Annotated[bool, Option("--force-conflicts", help="Take over fields that somebody else has set.")] = False,
    registry: Registry = None,
    recreate: Recreate = None,
    wait_timeout: Patience = 600.0,
) -> int:
    """Apply the stack to a cluster, wait until it runs, and say where it answers.

    Everything goes into a namespace that is called like the stack. What the stack no longer has is removed; claims and
    their data never are. The first time in a place, it asks. The addresses go to standard output, and how
    to reach what is for this machine alone to standard error.
    """
    from stackferry.kube.bring_up import Wish, agreed, bring_up
    from stackferry.kube.delivery import delivery
    from stackferry.kube.target import cluster
    from stackferry.kube.translated import namespace_of, translated
    from stackferry.kube.urls import SOON, forwards, found, lines

    loaded = load_stack(session)
    client = cluster(context, kubeconfig)
    images = delivery(session, client, loaded.project, registry, loaded.origin)
    there = agreed(session, client, loaded.name, namespace_of(loaded.name, choice), yes=yes)
    made = translated(session, choice, loaded, images, send=True)
    code = bring_up(session, client, made, there, Wish(force, wait_timeout, tuple(recreate or ())))
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
        bool, Option("--force-conflicts", help="As if fields that somebody else has set were taken over.")
    ] = False,
    registry: Registry = None,
    recreate: Recreate = None,
) -> int:
    """Say what `kube up` would do to each object, and change nothing: the cluster itself is asked.

    Exit code 1 if it could not do it, as something cannot be changed.
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
    volumes: Annotated[bool, Option("--volumes", help="Remove the claims as well, and the data in them.")] = False,
    wait_timeout: Patience = 600.0,
) -> int:
    """Remove the stack from a cluster, and wait until it is gone. Claims stay, and with them the namespace."""
    from stackferry.kube.take_down import take_down
    from stackferry.kube.target import cluster

    project, place = _stack(session, namespace)
    client = cluster(context, kubeconfig)
    return take_down(session, client, project, place, volumes=volumes, patience=wait_timeout)


@stack_options
def status(
    session: Session, context: Context = None, kubeconfig: Kubeconfig = None, namespace: Namespace = None
) -> int:
    """Show how far each workload is, and what keeps its pods from running. Exit code 1 if any is not ready."""
    import time

    from stackferry.kube.target import cluster
    from stackferry.translator.cluster.wait import Waiting

    project, place = _stack(session, namespace)
    client = cluster(context, kubeconfig)
    standings = Waiting(client, project, place, None, time.monotonic, time.sleep).look()
    if not standings:
        session.note(f"nothing of {project} runs in the namespace {place} of {client.context}")
        return 1
    _print(one.text for one in standings)
    return int(not all(one.is_done for one in standings))


@stack_options
def urls(session: Session, context: Context = None, kubeconfig: Kubeconfig = None, namespace: Namespace = None) -> None:
    """Say where the published ports answer; each of TCP is tried."""
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
