"""Environment variables: `env` of the container, in order, secret-looking ones by way of a Secret.

Env files are merged in by the loader already, in compose's order of precedence.
"""

import re
from dataclasses import dataclass

from grammar.compose.model import Service
from translator.literal import literal, utf8
from translator.manifests import Body
from translator.names import data_key
from translator.notes import Notes

_SECRET_NAME = re.compile(
    r"PASSW(OR)?D|PASSWD|PASSPHRASE|(^|_)PASS($|_)|(^|_)PWD$|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY"
    r"|(API|ACCESS|AUTH|ENCRYPTION|SIGNING|MASTER|LICENSE|APP|JWT|SALT|SESSION|COOKIE)_?KEY|(^|_)(AUTH|SALT|DSN)$",
    re.IGNORECASE,
)
_PUBLIC_SUFFIX = re.compile(
    r"(_FILE|_PATH|_DIR|_URL|_URI|_ENDPOINT|_EXPIR\w*|_TTL|_LENGTH|_LIFETIME|_AGE|_TIMEOUT|_NAME|_TYPE|_HEADER"
    r"|_ALGORITHM|_ENABLED?|_DISABLED?|_ISSUER|_AUDIENCE|_POLICY|_MIN|_MAX|_USER(NAME)?|_ROUNDS|_COUNT)$",
    re.IGNORECASE,
)
_PASSWORD_IN_URL = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
_SWITCHES = frozenset(("", "true", "false", "yes", "no", "on", "off", "0", "1", "null", "none"))
_NAME = re.compile(r"[!-<>-~]([ -<>-~]*[!-<>-~])?")


@dataclass(frozen=True, slots=True)
class Environment:
    """`env` without its Secret's name (`SECRET` stands for it), and what that Secret must hold."""

    plain: dict[str, str]
    secret: dict[str, str]
    order: tuple[str, ...]

    def env(self, secret_name: str) -> list[Body]:
        """The container's `env`, in the order of the compose file."""
        return [
            {"name": name, "valueFrom": {"secretKeyRef": {"name": secret_name, "key": data_key(name)}}}
            if name in self.secret
            else {"name": name, "value": literal(self.plain[name])}
            for name in self.order
        ]

    def data(self) -> dict[str, bytes]:
        """Content of the Secret, by key."""
        return {data_key(name): utf8(value) for name, value in self.secret.items()}


def environment(service: Service, notes: Notes) -> Environment:
    """Sort the variables of `service` into plain and secret."""
    plain: dict[str, str] = {}
    secret: dict[str, str] = {}
    for name, value in service.environment.items():
        path = ("services", service.name, "environment", name)
        if value is None:
            notes.approximated(path, "kubernetes-unset-variable", "has no value here; left out, as docker compose does")
        elif not _NAME.fullmatch(name):
            notes.action(
                path, "kubernetes-variable-name", "not a legal variable name on Kubernetes; left out", "rename it"
            )
        elif is_secret(name, value):
            secret[name] = value
            notes.fine(path, "kubernetes-secret-variable", "looks secret, so it goes by way of a Secret")
        else:
            plain[name] = value
    order = tuple(name for name in service.environment if name in plain or name in secret)
    return Environment(plain, secret, order)


def is_secret(name: str, value: str) -> bool:
    """Whether a variable looks as if it must not be read by everybody who may read a Deployment."""
    if value.lower() in _SWITCHES:
        return False
    if _PASSWORD_IN_URL.search(value):
        return True
    return _SECRET_NAME.search(name) is not None and _PUBLIC_SUFFIX.search(name) is None
