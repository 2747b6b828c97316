"""Decides which variables look secret: not everybody who may read a Deployment may read them.

The one table for all variables, from `environment`, env files and build arguments.
"""

import re

from stackferry.grammar.regex import regex

_SECRET_NAME = regex(
    r"PASSW(OR)?D|PASSWD|PASSPHRASE|(^|_)PASS($|_)|(^|_)PWD$|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY"
    r"|(API|ACCESS|AUTH|ENCRYPTION|SIGNING|MASTER|LICENSE|APP|JWT|SALT|SESSION|COOKIE)_?KEY|(^|_)(AUTH|SALT|DSN)$",
    re.IGNORECASE,
)
_PUBLIC_SUFFIX = regex(
    r"(_FILE|_PATH|_DIR|_URL|_URI|_ENDPOINT|_EXPIR\w*|_TTL|_LENGTH|_LIFETIME|_AGE|_TIMEOUT|_NAME|_TYPE|_HEADER"
    r"|_ALGORITHM|_ENABLED?|_DISABLED?|_ISSUER|_AUDIENCE|_POLICY|_MIN|_MAX|_USER(NAME)?|_ROUNDS|_COUNT)$",
    re.IGNORECASE,
)
_PASSWORD_IN_URL = regex(r"://[^/\s:@]*:[^/\s@]+@")
_SWITCHES = frozenset(("", "true", "false", "yes", "no", "on", "off", "0", "1", "null", "none"))


def is_secret(name: str, value: str) -> bool:
    """Whether the variable looks secret, by its name or by a password in its value."""
    if value.lower() in _SWITCHES:
        return False
    if _PASSWORD_IN_URL.search(value):
        return True
    return _SECRET_NAME.search(name) is not None and _PUBLIC_SUFFIX.search(name) is None
