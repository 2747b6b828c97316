"""Legal Kubernetes names from compose names, without collisions.

Compose allows `My_DB.1`; a Kubernetes object that becomes a DNS name allows lower-case letters,
digits and `-`, at most 63 (RFC 1123), and a Service must begin with a letter (RFC 1035).
"""

import re
from dataclasses import field
from functools import lru_cache

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex

LIMIT = 63
CRON_JOB_LIMIT = 52
"""The longest name of a CronJob: the names of its Jobs are eleven characters longer."""
LONGEST = 253
"""The longest name, in characters, of an object that is not a DNS label: ConfigMaps, Secrets, claims."""
LABEL = regex(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
SERVICE = regex(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
SUBDOMAIN = regex(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
PORT_NAME = regex(r"(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")
_QUALIFIED = regex(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
VARIABLE = regex(r"(?!\.\.|\.\Z)[-._a-zA-Z][-._a-zA-Z0-9]{0,252}")
"""A name that every version of Kubernetes accepts as variable and as key: `envFrom` skips other names."""
_KEY = regex(r"[-._a-zA-Z0-9]{1,253}")


def digest(text: str | bytes, length: int = 6) -> str:
    """A short stable hash for names, hexadecimal."""
    # Only long names need it, and importing it takes as long as translating a small stack.
    import hashlib

    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest()[:length]


def dns_label(text: str, limit: int = LIMIT) -> str:
    """The nearest RFC 1123 label: `My_DB` becomes `my-db`; too long a name ends in a hash of the whole."""
    label = re.sub(r"[^a-z0-9-]", "-", text.lower()).strip("-") or f"x-{digest(text)}"
    return label if len(label) <= limit else f"{label[: limit - 7].rstrip('-')}-{digest(text)}"


def service_label(text: str, limit: int = LIMIT) -> str:
    """The nearest RFC 1035 label, as Services need it: `2fa` becomes `s-2fa`."""
    label = dns_label(text, limit)
    return label if label[0].isalpha() else dns_label(f"s-{label}", limit)


def existing_name(text: str) -> str:
    """The name under which an external object is looked up: its own, if it is a legal name."""
    return text if SUBDOMAIN.fullmatch(text) and len(text) <= LONGEST else dns_label(text)


def hashed(text: str, content: bytes) -> str:
    """A name that changes with the content, so that a change triggers a rollout: `nginx-conf-5f3c2a91bb`."""
    return f"{dns_label(text, LIMIT - 11)}-{digest(content, 10)}"


@lru_cache
def is_qualified(key: str) -> bool:
    """Whether `key` is legal for labels and annotations, as `[prefix/]name`. Cached: a stack has few different keys."""
    prefix, slash, name = key.rpartition("/")
    if slash and not (len(prefix) <= 253 and SUBDOMAIN.fullmatch(prefix.lower())):
        return False
    return _QUALIFIED.fullmatch(name) is not None


def is_label_value(value: str) -> bool:
    """Whether `value` is a legal label value."""
    return value == "" or _QUALIFIED.fullmatch(value) is not None


def data_key(text: str) -> str:
    """A legal key of a ConfigMap or Secret: `text` if legal, else the nearest key with a hash."""
    if _KEY.fullmatch(text) and not text.startswith("..") and text != ".":
        return text
    return f"{re.sub(r'[^-._a-zA-Z0-9]', '-', text).lstrip('.')[:200]}-{digest(text)}"


@dataclass(slots=True)
class Allocator:
    """Hands out names of one kind, each once, none longer than `limit`."""

    taken: set[str] = field(default_factory=set)
    limit: int = LIMIT

    def take(self, wanted: str, original: str) -> str:
        """`wanted`, or with a hash of `original` if it is taken."""
        name, salt = wanted, original
        while name in self.taken:
            name = f"{wanted[: self.limit - 7].rstrip('-')}-{digest(salt)}"
            salt += "'"
        self.taken.add(name)
        return name
