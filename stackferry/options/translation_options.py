"""The options of the translation into manifests, which `convert` and `explain` share."""

import functools
import inspect
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, Literal, NamedTuple, ParamSpec

from stackferry.grammar.regex import regex
from stackferry.options.declaration import Option, WrongValueError
from stackferry.options.words import words
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.grammar.notes import Origin
    from stackferry.translator import Options

Parameters = ParamSpec("Parameters")


class TranslationChoice(NamedTuple):
    """The options of a translation as they were typed; None and False leave the choice to the translator."""

    namespace: str | None = None
    kubernetes_version: str | None = None
    publish: Literal["nodeport", "loadbalancer", "gateway", "ingress"] | None = None
    node_port_range: str | None = None
    gateway_class: str | None = None
    ingress_class: str | None = None
    volume_size: str | None = None
    copy_up: Literal["known", "always", "never"] | None = None
    no_wait: bool = False
    helper_image: str | None = None
    network_policies: bool = False
    node_roles: bool = False
    allow_unsafe_sysctls: bool = False

    def options(self, origin: "Origin") -> "Options":
        """The translator's options. Raises WrongValueError for a value that their types cannot hold."""
        from stackferry.translator import Options

        given: dict[str, Any] = {
            "helper_image": self.helper_image,
            "copy_up": self.copy_up,
            "publish": self.publish,
            "gateway_class": self.gateway_class,
            "ingress_class": self.ingress_class,
            "node_ports": None if self.node_port_range is None else _ports(self.node_port_range),
            "volume_size": None if self.volume_size is None else _size(self.volume_size),
            "kubernetes": None if self.kubernetes_version is None else _minor(self.kubernetes_version),
        }
        return Options(
            namespace=self.namespace,
            origin=origin,
            wait=not self.no_wait,
            network_policies=self.network_policies,
            unsafe_sysctls=self.allow_unsafe_sysctls,
            node_roles=self.node_roles,
            **{name: value for name, value in given.items() if value is not None},
        )

    def words(self) -> list[str]:
        """The words of a command line with the same options."""
        return words(SHARED.values(), self._asdict())


_RANGE = regex(r"(\d{1,5})-(\d{1,5})")
_QUANTITY = regex(r"0*(?=[\d.]*[1-9])\d+(\.\d+)?([KMGTPE]i|[kMGTPE])?")


def _ports(text: str) -> range:
    match = _RANGE.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= int(match[2]) <= 65535:
        raise WrongValueError(f"{text!r} is not a range within 1-65535", option="--node-port-range")
    return range(int(match[1]), int(match[2]) + 1)


def _size(text: str) -> str:
    if _QUANTITY.fullmatch(text) is None:
        raise WrongValueError(f"invalid size {text!r}: write it as 500Mi or 10Gi", option="--volume-size")
    return text


def _minor(text: str) -> int:
    from stackferry.translator.options import VERSIONS

    match = re.fullmatch(r"v?1\.(\d{1,3})(\.\d+)?", text)
    if match is None or int(match[1]) not in VERSIONS:
        known = f"1.{VERSIONS[0]} to 1.{VERSIONS[-1]}"
        raise WrongValueError(f"{text!r} is not one of {known}", option="--kubernetes-version")
    return int(match[1])


def _shared(
    namespace: Annotated[
        str | None,
        Option("-n", "--namespace", metavar="NAME", help="Namespace for all objects; it is created."),
    ] = None,
    kubernetes_version: Annotated[
        str | None,
        Option("--kubernetes-version", metavar="1.N", help="Version of the cluster. Default: 1.34."),
    ] = None,
    publish: Annotated[
        Literal["nodeport", "loadbalancer", "gateway", "ingress"] | None,
        Option("--publish", help="How published ports are exposed. Default: nodeport."),
    ] = None,
    node_port_range: Annotated[
        str | None,
        Option(
            "--node-port-range",
            metavar="FIRST-LAST",
            help="Node ports that the cluster allows; published ports in this range keep their number."
            " Default: 30000-32767.",
        ),
    ] = None,
    gateway_class: Annotated[
        str | None,
        Option("--gateway-class", metavar="NAME", help="GatewayClass for --publish gateway. Default: default."),
    ] = None,
    ingress_class: Annotated[
        str | None,
        Option("--ingress-class", metavar="NAME", help="IngressClass for --publish ingress. Default: the cluster's."),
    ] = None,
    volume_size: Annotated[
        str | None,
        Option("--volume-size", metavar="SIZE", help="Size of each volume claim. Default: 1Gi."),
    ] = None,
    copy_up: Annotated[
        Literal["known", "always", "never"] | None,
        Option(
            "--copy-up",
            help="Which new volumes are filled with the image's files: those of images that are known to need it"
            " (the default), all, or none.",
        ),
    ] = None,
    no_wait: Annotated[
        bool, Option("--no-wait", help="Start all services at once, without init containers that wait for depends_on.")
    ] = False,
    helper_image: Annotated[
        str | None,
        Option(
            "--helper-image",
            metavar="IMAGE",
            help="Image of the init containers that wait or fill volumes. Default: curlimages/curl:8.16.0.",
        ),
    ] = None,
    network_policies: Annotated[
        bool,
        Option(
            "--network-policies",
            help="Isolate the stack's networks with NetworkPolicies, in a cluster that enforces them.",
        ),
    ] = False,
    node_roles: Annotated[
        bool,
        Option("--node-roles", help="Apply constraints on node.role: the cluster's nodes have role labels."),
    ] = False,
    allow_unsafe_sysctls: Annotated[
        bool,
        Option(
            "--allow-unsafe-sysctls",
            help="Set unsafe sysctls of the stack: the cluster's kubelets allow them.",
        ),
    ] = False,
) -> None:
    """The one declaration of these options: a field of `TranslationChoice` for each."""


SHARED = inspect.signature(_shared).parameters


def translation_options(
    command: Callable[Concatenate[Session, TranslationChoice, Parameters], int | None],
) -> Callable[Concatenate[Session, Parameters], int | None]:
    """Add these options to `command(session, choice, …)` after its own. Goes below `@stack_options`."""
    session, _, *own = inspect.signature(command).parameters.values()

    @functools.wraps(command)
    def wrapper(session: Session, **values: Any) -> int | None:
        choice = TranslationChoice(**{name: values.pop(name) for name in SHARED})
        return command(session, choice, **values)  # type: ignore[call-arg]

    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*own, *SHARED.values())]
    wrapper.__signature__ = inspect.Signature([session, *parameters])  # type: ignore[attr-defined]
    return wrapper  # type: ignore[return-value]
