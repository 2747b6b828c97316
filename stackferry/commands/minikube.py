"""`stackferry minikube …`: the stack on a minikube cluster, whose machine is made, sized and started as it takes."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.stack_options import load_stack, stack_options
from stackferry.options.translation_options import TranslationChoice, translation_options
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.minikube.outlook import Asked

Cluster = Annotated[str, Option("--cluster", metavar="NAME", help="Minikube's profile, which names the machine.")]
Driver = Annotated[
    str | None,
    Option("--driver", metavar="NAME", help="Minikube's driver. Default: the cluster's; virtualbox for a new cluster."),
]
Cpus = Annotated[
    int | None, Option("--cpus", metavar="N", low=2, help="CPUs of a new machine. Default: what the stack needs.")
]
Memory = Annotated[
    str | None,
    Option("--memory", metavar="SIZE", help="Memory of a new machine, such as 4g. Default: what the stack needs."),
]
Disk = Annotated[
    str | None,
    Option("--disk-size", metavar="SIZE", help="Disk of a new machine, such as 20g. Default: what the stack needs."),
]
Mount = Annotated[bool, Option("--mount", help="Mount directories with `minikube mount` instead of copying them.")]
Namespace = Annotated[
    str | None,
    Option("-n", "--namespace", metavar="NAME", help="Namespace of the stack. Default: the stack's name."),
]
Patience = Annotated[
    float, Option("--wait-timeout", metavar="SECONDS", low=0, help="Maximum time to wait for workloads.")
]
Flags = Annotated[
    list[str] | None,
    Argument(metavar="[-- FLAGS]", help="Flags for `minikube start`; they are remembered for later starts."),
]


@stack_options
@translation_options
def up(
    session: Session,
    choice: TranslationChoice,
    cluster: Cluster = "minikube",
    driver: Driver = None,
    cpus: Cpus = None,
    memory: Memory = None,
    disk_size: Disk = None,
    yes: Annotated[bool, Option("-y", "--yes", help="Answer yes to all questions.")] = False,
    force: Annotated[bool, Option("--force-conflicts", help="Take over fields that others have set.")] = False,
    mount: Mount = False,
    wait_timeout: Patience = 600.0,
    flags: Flags = None,
) -> int:
    """Run the stack on minikube.

    Creates or starts the machine, loads the images, applies the manifests and waits until everything runs. The
    machine is as large as the stack needs, and published ports keep their numbers. It is safe to run this again at
    any time: only what has changed is done. URLs are printed on standard output.
    """
    from stackferry.minikube.place import Place
    from stackferry.minikube.up import up as bring_up

    asked = _asked(driver, cpus, memory, disk_size, flags, yes=yes, force=force, patience=wait_timeout, mount=mount)
    loaded = load_stack(session)
    return bring_up(session, Place(session, cluster), choice, loaded, asked)


@stack_options
@translation_options
def plan(
    session: Session,
    choice: TranslationChoice,
    cluster: Cluster = "minikube",
    driver: Driver = None,
    cpus: Cpus = None,
    memory: Memory = None,
    disk_size: Disk = None,
    mount: Mount = False,
    flags: Flags = None,
) -> int:
    """Show what `minikube up` would do; nothing is done.

    The commands that would be run, and the objects that would be applied.
    """
    from stackferry.minikube.place import Place
    from stackferry.minikube.plan import lines

    asked = _asked(driver, cpus, memory, disk_size, flags, mount=mount)
    loaded = load_stack(session)
    sys.stdout.writelines(f"{line}\n" for line in lines(session, Place(session, cluster), choice, loaded, asked))
    sys.stdout.flush()
    return 0


@stack_options
def down(
    session: Session,
    cluster: Cluster = "minikube",
    namespace: Namespace = None,
    volumes: Annotated[bool, Option("--volumes", help="Remove volume claims and their data, too.")] = False,
    machine: Annotated[
        str | None, Option("--machine", metavar="stop|delete", help="What to do with the machine afterwards.")
    ] = None,
    wait_timeout: Patience = 600.0,
) -> int:
    """Remove the stack from minikube.

    The machine is kept, and so are volume claims and their data unless --volumes is given.
    """
    from stackferry.minikube.down import take_down
    from stackferry.minikube.place import Place

    if machine not in (None, "stop", "delete"):
        raise WrongValueError(f"{machine!r} is not one of stop, delete", option="--machine")
    project, place = _stack(session, namespace)
    return take_down(session, Place(session, cluster), project, place, volumes, machine, wait_timeout)


@stack_options
def status(session: Session, cluster: Cluster = "minikube", namespace: Namespace = None) -> int:
    """Show the state of the machine and of each workload.

    The exit code is 1 if a workload is not ready.
    """
    from stackferry.minikube.place import Place
    from stackferry.minikube.status import lines

    project, place = _stack(session, namespace)
    found, is_ready = lines(Place(session, cluster), project, place)
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.stdout.flush()
    return int(not is_ready)


@stack_options
def urls(session: Session, cluster: Cluster = "minikube", namespace: Namespace = None) -> None:
    """Print the URLs of published ports.

    Each TCP port is tried with a connection.
    """
    from stackferry.kube.urls import found, lines
    from stackferry.minikube.place import Place

    project, place = _stack(session, namespace)
    client = Place(session, cluster).running()
    sys.stdout.writelines(f"{line}\n" for line in lines(found(client, project, place)))
    sys.stdout.flush()


def _asked(
    driver: str | None,
    cpus: int | None,
    memory: str | None,
    disk: str | None,
    flags: list[str] | None,
    **rest: Any,
) -> "Asked":
    from stackferry.minikube.outlook import Asked
    from stackferry.translator.minikube.flags import megabytes
    from stackferry.translator.minikube.size import Size

    sizes: dict[str, int | None] = {}
    for option, text in (("--memory", memory), ("--disk-size", disk)):
        sizes[option] = None if text is None else megabytes(text)
        if text is not None and sizes[option] is None:
            raise WrongValueError(f"invalid size {text!r}: write it as 4096 or 4g", option=option)
    words = tuple(flags or ())
    if words and not words[0].startswith("-"):
        raise WrongValueError(
            f"{words[0]!r} is not a flag of `minikube start`: write these flags after --", option="FLAGS"
        )
    return Asked(driver, Size(cpus, sizes["--memory"], sizes["--disk-size"]), words, **rest)


def _stack(session: Session, namespace: str | None) -> tuple[str, str]:
    """The stack's name and its namespace; `-p` says both without a file."""
    from stackferry.kube.translated import namespace_of

    project = session.stack.project_name or load_stack(session).name
    return project, namespace_of(project, TranslationChoice(namespace=namespace))
