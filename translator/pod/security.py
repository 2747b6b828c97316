"""The user and the privileges of a container: `securityContext` of container and pod."""

from collections.abc import Callable, Iterable

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.terms import Owner, SecurityOption
from stackferry.grammar.compose.syntax.capability import capability
from stackferry.grammar.regex import regex
from stackferry.translator.image_facts.identity import HIGHEST_ID
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes

_WELL_KNOWN = {"root": 0}
_CAPABILITY = regex(r"(?!CAP_)[A-Z][A-Z0-9_]*")


def container_security(service: Service, notes: Notes) -> Body:
    """`securityContext` of the container, empty if the service sets nothing."""
    context: Body = {}
    context.update(_user(service, notes))
    if service.privileged:
        context["privileged"] = True
    if service.read_only:
        context["readOnlyRootFilesystem"] = True
    capabilities = {
        side: given
        for side, key in (("add", "cap_add"), ("drop", "cap_drop"))
        if (given := _capabilities(service, key, notes))
    }
    if capabilities:
        context["capabilities"] = capabilities
    for index, option in enumerate(service.security_opt):
        context.update(_security_option(service, index, option, notes))
    return context


def supplemental_groups(service: Service, notes: Notes) -> list[int]:
    """Numeric `group_add`; a name can only be looked up inside the image."""
    groups: list[int] = []
    for index, group in enumerate(service.group_add):
        number = _id(group)
        if number is None:
            notes.action(
                ("services", service.name, "group_add", index),
                "kubernetes-group-name",
                f"Kubernetes does not accept group names ({group!r}); omitted",
                "write the numeric ID from /etc/group of the image",
            )
        else:
            groups.append(number)
    return groups


def _capabilities(service: Service, key: str, notes: Notes) -> list[str]:
    found: list[str] = []
    for index, given in enumerate(getattr(service, key)):
        name = _bare(given)
        if _CAPABILITY.fullmatch(name):
            found.append(name)
        else:
            path = ("services", service.name, key, index)
            notes.action(path, "kubernetes-capability", f"{given!r} is not a capability; omitted", "remove it")
    return list(dict.fromkeys(found))


def _bare(name: str) -> str:
    return capability(name).removeprefix("CAP_")


def _id(owner: Owner) -> int | None:
    number = _WELL_KNOWN.get(owner, owner.number)
    return number if number is not None and number <= HIGHEST_ID else None


def _user(service: Service, notes: Notes) -> Body:
    if not service.user:
        return {}
    context: Body = {}
    for key, owner in (("runAsUser", service.user.user), ("runAsGroup", service.user.group)):
        number = _id(owner)
        if number is not None:
            context[key] = number
            if key == "runAsUser" and number != 0:
                # Redundant, but restricted Pod Security requires it.
                context["runAsNonRoot"] = True
        elif owner:
            notes.action(
                ("services", service.name, "user"),
                "kubernetes-user-name",
                f"Kubernetes does not accept user names ({owner}); the container runs as the image's user",
                "write the numeric IDs from /etc/passwd of the image, like 1000:1000",
            )
    return context


def _no_new_privileges(service: Service, value: str) -> Body | str:
    if value == "false":
        return {}
    if service.privileged or any(_bare(one) == "SYS_ADMIN" for one in service.cap_add):
        return "Kubernetes refuses it together with privileged or SYS_ADMIN"
    return {"allowPrivilegeEscalation": False}


def _seccomp(service: Service, value: str) -> Body | str:
    if service.privileged:
        return {}
    profiles = {"unconfined": "Unconfined", "builtin": "RuntimeDefault"}
    if value in profiles:
        return {"seccompProfile": {"type": profiles[value]}}
    return "omitted: without the profile on the node, no container starts"


def default_profile(services: Iterable[Service]) -> Body:
    """The seccomp profile of a pod: Docker filters rare system calls by default, a kubelet does not.

    A container with another profile sets it itself; a privileged container is not confined, in Docker or here.
    """
    return {} if all(one.privileged for one in services) else {"seccompProfile": {"type": "RuntimeDefault"}}


def _apparmor(service: Service, value: str) -> Body | str:
    if value == "unconfined":
        return {"appArmorProfile": {"type": "Unconfined"}}
    if value == "docker-default":
        # The runtime's own default where AppArmor is available. A kubelet without it refuses a pod that names it.
        return {}
    if not value:
        return "it specifies no profile"
    return "omitted: on a node without AppArmor, the kubelet rejects every pod that specifies a profile"


def _label(service: Service, value: str) -> Body | str:
    key, _, rest = value.partition(":")
    if key in ("user", "role", "type", "level") and rest:
        return {"seLinuxOptions": {key: rest}}
    return "Kubernetes cannot switch SELinux labels off for one container"


_OPTIONS: dict[str, Callable[[Service, str], Body | str]] = {
    "no-new-privileges": _no_new_privileges,
    "seccomp": _seccomp,
    "apparmor": _apparmor,
    "label": _label,
}


_HINTS = {
    "apparmor": "load it on every node, then patch the container's securityContext with "
    "appArmorProfile: {{type: Localhost, localhostProfile: {value}}}",
    "seccomp": "put it below /var/lib/kubelet/seccomp on every node, then patch the container's securityContext with "
    "seccompProfile: {{type: Localhost, localhostProfile: <file>}}",
}


def _security_option(service: Service, index: int, option: SecurityOption, notes: Notes) -> Body:
    """One `security_opt`; an unknown option gets a note, so that nobody believes it is in force."""
    translate = _OPTIONS.get(option.name)
    result = translate(service, option.value or "") if translate else "Kubernetes has no such option"
    if isinstance(result, dict):
        return result
    notes.action(
        ("services", service.name, "security_opt", index),
        "kubernetes-security-option",
        f"{str(option) or repr('')} is not applied: {result}",
        _HINTS.get(option.name, "").format(value=option.value) if option.value else "",
    )
    return {}
