"""`stackferry kube …`: the stack on any cluster of a kubeconfig, without a machine of ours."""

import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from stackferry.options.stack_options import load_stack, stack_options
from stackferry.options.translation_options import TranslationChoice, translation_options
from stackferry.session import Session

Context = Annotated[
    str | None, typer.Option("--context", metavar="NAME", help="Which cluster: a context of the kubeconfig.")
]
Kubeconfig = Annotated[
    str | None, typer.Option("--kubeconfig", metavar="FILE", help="The kubeconfig, instead of KUBECONFIG's.")
]
Patience = Annotated[
    float, typer.Option("--wait-timeout", metavar="SECONDS", min=0, help="How long to wait at most. Default: 600.")
]
Registry = Annotated[
    str | None,
    typer.Option(
        "--registry", metavar="HOST/PATH", help="Where images that are built here go, so that the cluster has them."
    ),
]
Namespace = Annotated[
    str | None,
    typer.Option("-n", "--namespace", metavar="NAME", help="The namespace of the stack, if it is not called like it."),
]


@stack_options
@translation_options
def up(
    session: Session,
    choice: TranslationChoice,
    context: Context = None,
    kubeconfig: Kubeconfig = None,
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Apply to this cluster for the first time, too.")] = False,
    force: Annotated[
        bool, typer.Option("--force-conflicts", help="Take over fields that somebody else has set.")
    ] = False,
    registry: Registry = None,
    wait_timeout: Patience = 600.0,
) -> int:
    """Apply the stack to a cluster, wait until it runs, and say where it answers.

    Everything goes into a namespace that is called like the stack. What the stack no longer has is removed; claims and
    their data never are. The first time in a place, it asks. The addresses go to standard output.
    """
    from stackferry.kube.bring_up import Wish, agreed, bring_up
    from stackferry.kube.target import cluster
    from stackferry.kube.translated import loaded_for, namespace_of, translated
    from stackferry.kube.urls import found, lines

    loaded = loaded_for(session, registry)
    client = cluster(context, kubeconfig)
    there = agreed(session, client, loaded.name, namespace_of(loaded.name, choice), yes=yes)
    made = translated(session, choice, loaded, registry, send=True)
    code = bring_up(session, client, made, there, Wish(force, wait_timeout))
    _print(lines(found(client, made.translation.project.name, made.namespace)))
    return code


@stack_options
@translation_options
def plan(
    session: Session,
    choice: TranslationChoice,
    context: Context = None,
    kubeconfig: Kubeconfig = None,
    force: Annotated[
        bool, typer.Option("--force-conflicts", help="As if fields that somebody else has set were taken over.")
    ] = False,
    registry: Registry = None,
) -> None:
    """Say what `kube up` would do to each object, and change nothing: the cluster itself is asked."""
    from stackferry.kube.target import cluster
    from stackferry.kube.translated import loaded_for, translated
    from stackferry.translator.cluster.held import held
    from stackferry.translator.cluster.plan import plan as planned

    made = translated(session, choice, loaded_for(session, registry), registry, send=False)
    client = cluster(context, kubeconfig)
    there = held(client, made.translation.project.name, made.namespace)
    found = planned(client, made.translation, there, made.namespace, force=force)
    sys.stdout.write(str(found))
    sys.stdout.flush()
    session.note(f"{made.loaded.name} on {client.context}: {found.summary()}")


@stack_options
def down(
    session: Session,
    context: Context = None,
    kubeconfig: Kubeconfig = None,
    namespace: Namespace = None,
    volumes: Annotated[
        bool, typer.Option("--volumes", help="Remove the claims as well, and the data in them.")
    ] = False,
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
