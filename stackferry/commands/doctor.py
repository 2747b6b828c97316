"""`stackferry doctor`: whether stacks can run somewhere, said before they do; one line for each check."""

from collections.abc import Mapping
from typing import Annotated, Literal

from stackferry.options.declaration import Argument, Option, WrongValueError
from stackferry.options.own_letters import verb
from stackferry.session import Session

TARGETS: Mapping[str, str] = {
    # what `--target` takes: the module whose `checks(session, asked)` gives the lines of the report
    "engine": "stackferry.doctor.engine",
    "minikube": "stackferry.doctor.minikube",
    "kube": "stackferry.doctor.kube",
}


@verb
def doctor(
    session: Session,
    target: Annotated[str, Option("--target", metavar="|".join(TARGETS), help="Where stacks are to run.")] = "engine",
    form: Annotated[Literal["text", "json"], Option("--format", help="Notation of the output.")] = "text",
    cluster: Annotated[
        str, Option("--cluster", metavar="NAME", help="Of minikube: the cluster, which is its profile.")
    ] = "minikube",
    driver: Annotated[
        str | None,
        Option(
            "--driver",
            metavar="NAME",
            help="Of minikube: the driver that is asked about. Default: the cluster's own, virtualbox for a new one.",
        ),
    ] = None,
    context: Annotated[
        str | None,
        Option("--context", metavar="NAME", help="Of kube: which cluster, a context of the kubeconfig."),
    ] = None,
    kubeconfig: Annotated[
        str | None,
        Option("--kubeconfig", metavar="FILE", help="Of kube: instead of KUBECONFIG's file."),
    ] = None,
    namespace: Annotated[
        str | None,
        Option("-n", "--namespace", metavar="NAME", help="Of kube: the namespace, if it is not called like it."),
    ] = None,
    flags: Annotated[
        list[str] | None,
        Argument(
            metavar="[-- MINIKUBE_START_FLAGS]",
            help="As `minikube up` would get them: some of them change what is wrong.",
        ),
    ] = None,
) -> int:
    """Check all that stacks need of an engine, of minikube or of a cluster, and say what to do about the rest.

    Nothing is changed.
    """
    import importlib
    import json

    from stackferry.doctor.asked import Asked

    if target not in TARGETS:
        raise WrongValueError(f"{target!r} is not one of {', '.join(TARGETS)}", option="--target")
    checks = importlib.import_module(TARGETS[target]).checks
    failed = False
    for check in checks(session, Asked(cluster, driver, tuple(flags or ()), context, kubeconfig, namespace)):
        failed |= check.verdict == "FAIL"
        text = json.dumps(check.row(), ensure_ascii=False) if form == "json" else str(check)
        # As found: the next one may take its time.
        print(text, flush=True)
    return int(failed)
