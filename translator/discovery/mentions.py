"""Finds host names in a text, and how sure they are: `http://db:5432/`, `user@db`, `db1:9092,db2:9092`, `DB_HOST=db`.

A name counts only where it stands as a whole host. Everywhere else it is a word that looks like the name: a database
(`/db`), a user, a part of a longer name. Both the search for callers (`callers.py`) and the rewriting of renamed hosts
(`renaming/`) use this.
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.discovery.protocol_ports import port_of_scheme, port_of_variable

Strength = Literal["address", "name", "word"]
"""`address`: the surrounding text makes it a host. `name`: the whole value is the name, or a list of hosts.
`word`: the name stands where no host would be, so its meaning is unknown."""

_TOKEN = regex(r"(?<![\w.$%-])[A-Za-z0-9_][\w.-]*")
_LOOK_BACK = 200
GAP = "\x1f"
"""Separates the words of a command: white space that occurs in no word."""
_SPACE = rf"[ \t{GAP}]"
_AUTHORITY = regex(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^\s/\"'<>]*@)?(?:\[?[\w.-]+\]?(?::\d+)?,)*\Z")
_USER = regex(r"[^\s/\"'<>?#]*@")
_AFTER_HOST = regex(r"[:/?#,;|\s\"'`)>\]}\\$&]|\Z")
_PORT = regex(r":(\d{1,5})(?![\w.-])")
_OPEN_PORT = regex(r":\$[{(]?\w")
_BEFORE_PORT = regex(r"(?:[\s\"'`=,;:(\[{<>@|&!]|//|\A)\Z")
_LOGIN = regex(r"[\w.+%~:-]@(?:tcp\()?\Z|\btcp\(\Z")
_AFTER_LOGIN = regex(r"[/:,;)\s\"'`]|\Z")
_HOST_WORD = (
    r"hosts?|hostnames?|hostip|servers?|addr|address|addresses|endpoints?|brokers?|upstreams?|nodes?|peers?|seeds?"
    r"|url|urls|uri|uris|dsn|proxy_pass|fastcgi_pass|uwsgi_pass|grpc_pass|data ?source|masters?|bootstrap"
)
_KEYED = regex(
    rf"(?:^|[^A-Za-z])(?:[A-Za-z0-9]+[_.-])*(?:{_HOST_WORD})[\"']?(?:{_SPACE}*[:=]{_SPACE}*|{_SPACE}+)"
    r"(?:-[ \t]+)?[\[(]?[\"']?\Z",
    re.IGNORECASE,
)
_FLAGGED = regex(rf"(?:^|\s)-[hH][ ={GAP}]?[\"']?\Z")
_TOOL = regex(r"\b(?:nc|ncat|netcat|telnet|ping6?|nslookup|dig|getent (?:ahosts|hosts))(?:\s+-\w+(?:\s+\d+)?)*\s+\Z")
_NEXT_PORT = regex(rf"[\"']?{_SPACE}+(\d{{2,5}})(?![\w.:-])")
_SAID_PORT = regex(
    rf"[\"']?[ \t;,{GAP}]+(?:-p[ ={GAP}]?|--?port[ ={GAP}]|[\w ]*port *= *)[\"']?(\d{{1,5}})\b", re.IGNORECASE
)
_DEVICE = regex(r"/(\d{1,5})\b")
_HOST_KEY = regex(
    rf"(?:^|[_.-])(?:{_HOST_WORD})(?:[_.-]?\d+)?\Z|(?:host|hostname|server|addr|url|uri)\Z", re.IGNORECASE
)
_NO_HOST_KEY = regex(
    r"(?:^|[_.-])(?:database|databases|db|dbname|name|user|username|login|password|pass|pw|pwd|schema|bucket|topic"
    r"|queue|table|index|prefix|title|project|collection|keyspace|vhost|group|role|tags?|image|label|dir|path|file|mode"
    r"|type|driver|engine|id|key|secret|token|realm|env|environment|log|level|format|command|cmd|args|opts)\d*\Z",
    re.IGNORECASE,
)
_UPSTREAM = regex(r"\bupstream\s+([\w.-]+)\s*\{")
"""nginx' word for a group of servers: `http://name` without a port means the group in such a configuration."""
_ITEM = regex(r"[A-Za-z0-9_][\w.-]*(?::\d{1,5})?")
_LIST = regex(r"[,;]\s*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name in a text, from `start` to `end`: how sure it is a host, and the port, None if none is given."""

    name: str
    start: int
    end: int
    strength: Strength
    port: int | None = None

    @property
    def is_host(self) -> bool:
        """Whether the name stands as a whole host."""
        return self.strength != "word"


def mentions(text: str, key: str, is_name: Callable[[str], bool]) -> Iterator[Mention]:
    """Every name of the text for which `is_name` is true, from left to right.

    `key` is the variable that has the text as its value; empty for commands and files. The words of a command come as
    one text, with `GAP` between them.
    """
    alone: frozenset[int] | None = None
    groups = frozenset(_UPSTREAM.findall(text)) if "upstream" in text else frozenset()
    for found in _TOKEN.finditer(text):
        name = found[0].rstrip(".-")
        if not is_name(name):
            continue
        start, end = found.start(), found.start() + len(name)
        if name in groups and not _PORT.match(text, end) and not _in_group(text, start):
            continue
        known = _by_context(text, start, end)
        if known is None:
            if alone is None:
                alone = frozenset(_whole_values(text))
            known = _by_value(key) if start in alone else ("word", None)
        strength, port = known
        yield Mention(name, start, end, strength, port if port is None or 0 < port < 65536 else None)


def _in_group(text: str, start: int) -> bool:
    """Whether the name is a server in such a group."""
    return text[:start].rstrip().endswith("server")


Known = tuple[Strength, int | None]


def _by_context(text: str, start: int, end: int) -> Known | None:
    """The meaning of a name by the characters around it; None if they do not tell."""
    before, after = text[max(0, start - _LOOK_BACK) : start], text[end : end + 60]
    if before.endswith("${"):
        return None
    port = _PORT.match(after)
    number = int(port[1]) if port else None
    authority = _AUTHORITY.search(before)
    if authority is not None:
        if _USER.match(after) or not _AFTER_HOST.match(after):
            return ("word", None)
        return "address", number if port or _OPEN_PORT.match(after) else port_of_scheme(authority[1])
    if (port or _OPEN_PORT.match(after)) and _BEFORE_PORT.search(before):
        return "address", number
    if before.endswith("/dev/tcp/") and (device := _DEVICE.match(after)):
        return "address", int(device[1])
    if _LOGIN.search(before) and _AFTER_LOGIN.match(after):
        return "address", number
    if _TOOL.search(before):
        following = _NEXT_PORT.match(after)
        return "address", int(following[1]) if following else None
    if (_FLAGGED.search(before) or _KEYED.search(before)) and _AFTER_LOGIN.match(after):
        said = _SAID_PORT.match(after) or _NEXT_PORT.match(after)
        return "address", int(said[1]) if said else None
    return None


def is_no_host(key: str) -> bool:
    """Whether a variable of that name holds something other than a host: a database, a user, a topic."""
    return bool(_NO_HOST_KEY.search(key))


def _by_value(key: str) -> Known:
    """The meaning of a name that is the whole value of `key`."""
    if is_no_host(key):
        return "word", None
    if _HOST_KEY.search(key):
        return "address", port_of_variable(key)
    return ("name", port_of_variable(key)) if key else ("word", None)


def _whole_values(text: str) -> Iterator[int]:
    """The offsets of names that are the whole text, or an item of a list of hosts."""
    bare = text.strip().strip("\"'")
    if all(_ITEM.fullmatch(item) for item in _LIST.split(bare)):
        offset = text.find(bare)
        yield from (offset + found.start() for found in _ITEM.finditer(bare))
