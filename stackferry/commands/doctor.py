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
    target: Annotated[str, Option("--target", metavar="|".join(TARGETS), help="Where stacks shall run.")] = "engine",
    form: Annotated[Literal["text", "json"], Option("--format", help="Output format.")] = "text",
    cluster: Annotated[
        str, Option("--cluster", metavar="NAME", help="With minikube: the cluster, which is minikube's profile.")
    ] = "minikube",
    driver: Annotated[
        str | None,
        Option(
            "--driver",
            metavar="NAME",
            help="With minikube: the driver to check. Default: the cluster's own; virtualbox for a new cluster.",
        ),
    ] = None,
    context: Annotated[
        str | None,
        Option("--context", metavar="NAME", help="With kube: a context of the kubeconfig."),
    ] = None,
    kubeconfig: Annotated[
        str | None,
        Option("--kubeconfig", metavar="FILE", help="With kube: path of the kubeconfig, instead of KUBECONFIG."),
    ] = None,
    namespace: Annotated[
        str | None,
        Option(
            "-n", "--namespace", metavar="NAME", help="With kube: namespace of the stack. Default: the stack's name."
        ),
    ] = None,
    flags: Annotated[
        list[str] | None,
        Argument(
            metavar="[-- MINIKUBE_START_FLAGS]",
            help="Flags that `minikube up` would pass on; some of them change the result.",
        ),
    ] = None,
) -> int:
    """Check that this machine has what stacks need.

    Checks the engine, minikube or a cluster, and prints what to do about each problem. Nothing is changed.
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
